using MetricDepth.Inference;

namespace MetricDepth.Tests.Inference;

/// <summary>Networks and the memory that they read and write.</summary>
public sealed class OnnxBindingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Nobody_is_told_of_a_networks_use()
    {
        using var model = Open(Doubled);
        Assert.Equal("1", Environment.GetEnvironmentVariable("ORT_DISABLE_TELEMETRY"));
        // where ONNX Runtime gathers reports to its maker it keeps this log of doing so
        Assert.False(File.Exists(Path.Combine(Path.GetTempPath(), $"mat-debug-{Environment.ProcessId}.log")));
    }

    [Fact]
    public void Bound_memory_is_read_and_written_in_place_by_every_run()
    {
        using var model = Open(Doubled);
        using var binding = model.Bind();
        var x = binding.Input("x", 2, 3); // the first size is open in the network
        var y = binding.Output("y", 2, 3);
        for (int run = 1; run <= 3; run++)
        {
            for (int i = 0; i < 6; i++) x.Values.Span[i] = run * i;
            binding.Run(Cancellation);
            Assert.Equal([.. Enumerable.Range(0, 6).Select(i => 2f * run * i)], y.Values.ToArray());
        }
    }

    [Fact]
    public void A_network_writes_into_a_part_of_a_buffer_and_another_reads_all_of_it()
    {
        using var encoder = Open(Doubled);
        using var decoder = Open(TinyModel.New().Input("x", [-1, 3]).Output("y", [-1, 3]).Node("Neg", ["x"], "y"));
        using var features = new TensorBuffer(12);
        using var encode = encoder.Bind();
        using var decode = decoder.Bind();
        var slots = Enumerable.Range(0, 4).Select(slot => features.View(3 * slot, 1, 3)).ToArray();
        var picture = encode.Input("x", 1, 3);
        decode.BindInput("x", features.View(0, 4, 3));
        var depth = decode.Output("y", 4, 3);
        foreach (int slot in (ReadOnlySpan<int>)[2, 0, 3])
        {
            picture.Values.Span.Fill(slot + 1);
            encode.BindOutput("y", slots[slot]);
            encode.Run(Cancellation);
        }
        decode.Run(Cancellation);
        Assert.Equal([-2, -2, -2, 0, 0, 0, -6, -6, -6, -8, -8, -8], depth.Values.ToArray());
    }

    [Fact]
    public void Runs_on_bound_memory_do_not_allocate()
    {
        using var model = Open(Doubled);
        using var binding = model.Bind();
        binding.Input("x", 1, 3);
        binding.Output("y", 1, 3);
        binding.Run(Cancellation);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) binding.Run(CancellationToken.None);
        // nothing per number: what a run takes for its marshalling is some dozens of bytes
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 200);
    }

    [Fact]
    public void A_shape_that_the_network_does_not_take_is_an_error_that_names_the_tensor()
    {
        using var model = Open(Doubled);
        using var binding = model.Bind();
        var e = Assert.Throws<MetricDepthException>(() => binding.Input("x", 1, 4));
        Assert.Equal("ModelFailed", e.ErrorId);
        Assert.Contains("x [?, 3]", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => binding.Input("z", 1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorBuffer(6).View(1, 2, 3));
    }

    [Fact]
    public void An_output_of_another_size_than_was_bound_is_an_error_not_a_wrong_picture()
    {
        using var model = Open(Doubled);
        using var binding = model.Bind();
        binding.Input("x", 2, 3);
        binding.Output("y", 1, 3);
        Assert.Equal("ModelFailed", Assert.Throws<MetricDepthException>(() => binding.Run(Cancellation)).ErrorId);
    }

    [Fact]
    public void A_run_that_was_cancelled_leaves_a_binding_that_runs_again()
    {
        // 3,000 passes of Softmax over two million numbers: more than a second
        var slow = TinyModel.New().Input("x", [-1, 1024]).Output("y", [-1, 1024]).Node("Softmax", ["x"], "s0");
        for (int i = 1; i < 3000; i++) slow.Node("Softmax", [$"s{i - 1}"], $"s{i}");
        using var model = Open(slow.Node("Identity", ["s2999"], "y"));
        using (var binding = model.Bind())
        {
            binding.Input("x", 2048, 1024);
            binding.Output("y", 2048, 1024);
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            Assert.ThrowsAny<OperationCanceledException>(() => binding.Run(stop.Token));
            binding.Input("x", 1, 1024);
            var y = binding.Output("y", 1, 1024);
            binding.Run(Cancellation);
            Assert.Equal(1 / 1024f, y.Values.Span[7], 1e-6f);
        }
    }

    [Fact]
    public void A_network_that_needs_more_memory_than_there_is_says_so_and_what_helps()
    {
        // 2^46 numbers, 256 TiB: more than any machine's address space gives
        var model = TinyModel.New().Input("x", [-1, 1]).Input("shape", [2], 7).Output("y", [-1, -1]).Node("Expand", ["x", "shape"], "y");
        Assert.Equal("shape [2] of Int64", Open(model).Inputs[1].ToString());
        var huge = TinyModel.New().Input("x", [-1, 1]).Input("z", [1, -1]).Output("y", [-1, -1]).Node("Add", ["x", "z"], "y");
        using var opened = Open(huge);
        var side = new float[1 << 23];
        var e = Assert.Throws<MetricDepthException>(() => opened.Run([new("x", side, [1 << 23, 1]), new("z", side, [1, 1 << 23])], "y", Cancellation));
        Assert.Equal("OutOfMemory", e.ErrorId);
        Assert.Contains("-InputSize", e.Message, StringComparison.Ordinal);
        Assert.Equal("OutOfMemory", OnnxFailure.Running("m", new OutOfMemoryException()).ErrorId);
    }

    [Theory]
    [InlineData(10, "x [1, ?] of Float16")]
    [InlineData(7, "x [1, ?] of Int64")]
    [InlineData(2, "x [1, ?] of UInt8")]
    [InlineData(1, "x [1, ?]")]
    public void What_a_network_takes_is_described_as_it_is(int elementType, string description)
    {
        using var model = Open(TinyModel.New().Input("x", [1, -1], elementType).Output("y", [1, -1], elementType).Node("Identity", ["x"], "y"));
        Assert.Equal(description, model.Inputs[0].ToString());
        Assert.Equal(elementType == 1, model.Inputs[0].IsFloat32);
    }

    [Fact]
    public void Networks_that_share_memory_go_on_when_others_are_closed_or_cannot_be_opened()
    {
        using var first = Open(Doubled);
        for (int i = 0; i < 3; i++)
        {
            var second = Open(Doubled);
            Assert.ThrowsAny<MetricDepthException>(() => OnnxModel.Open(new NetworkGraph("broken", "no network"u8.ToArray(), null), new() { Device = InferenceDevice.Cpu }));
            Assert.Equal(4, second.Run([new("x", new float[] { 1, 2, 3 }, [1, 3])], "y", Cancellation).Values.Span[1]);
            second.Dispose();
            second.Dispose();
            Assert.Equal(6, first.Run([new("x", new float[] { 1, 2, 3 }, [1, 3])], "y", Cancellation).Values.Span[2]);
        }
    }

    [Fact]
    public void A_network_made_here_that_cannot_run_is_a_named_error_too()
    {
        var e = Assert.Throws<MetricDepthException>(() => OnnxModel.Open(new NetworkGraph("made here", "no network"u8.ToArray(), null)));
        Assert.Equal("ModelInvalid", e.ErrorId);
        Assert.Contains("'made here'", e.Message, StringComparison.Ordinal);
    }

    private static TinyModel Doubled => TinyModel.New().Input("x", [-1, 3]).Output("y", [-1, 3]).Node("Add", ["x", "x"], "y");

    private static OnnxModel Open(TinyModel model) => OnnxModel.Open(new NetworkGraph("tiny", model.ToBytes(), null), new() { Threads = 1, Device = InferenceDevice.Cpu });
}
