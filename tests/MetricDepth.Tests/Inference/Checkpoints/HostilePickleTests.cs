using System.Diagnostics;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Scenes.Checkpoints;

namespace MetricDepth.Tests.Inference.Checkpoints;

/// <summary>A checkpoint is a program to Python. Here it is a list of tensors or an error: whatever it asks for is named and never done.</summary>
public sealed class HostilePickleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Marker => _folder["marker"];

    private string Command => OperatingSystem.IsWindows() ? $"echo x > \"{Marker}\"" : $"touch '{Marker}'";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Os_system_by_a_global_and_reduce() =>
        Refuses("os.system", new PickleWriter().Global("os", "system").Text(Command).Raw(0x85).Code('R'));

    [Fact]
    public void Os_system_under_its_other_name_behind_a_tensor() =>
        Refuses("posix.system", new PickleWriter().Code('}').Code('(').Text("w").Tensor("FloatStorage", "0", 1, 0, [1])
            .Text("x").Global("posix", "system").Text(Command).Raw(0x85).Code('R').Code('u'));

    [Fact]
    public void Eval_by_a_name_from_the_stack() =>
        Refuses("builtins.eval", new PickleWriter(4).Text("builtins").Text("eval").Raw(0x93).Text($"__import__('os').system({Command})").Raw(0x85).Code('R'));

    [Fact]
    public void A_subprocess_by_inst() =>
        Refuses("subprocess.Popen", new PickleWriter().Code('(').Text(Command).Code('i', "subprocess\nPopen\n"));

    [Fact]
    public void A_subprocess_by_obj() =>
        Refuses("subprocess.Popen", new PickleWriter().Code('(').Global("subprocess", "Popen").Text(Command).Code('o'));

    [Theory]
    [InlineData('o', "OBJ")]
    [InlineData('\u0081', "NEWOBJ")]
    [InlineData('\u0092', "NEWOBJ_EX")]
    public void An_allowed_name_is_not_made_into_an_object(char instruction, string name) =>
        Refuses(name, new PickleWriter().Code('(').Global("collections", "OrderedDict").Code(')').Code('}').Raw((byte)instruction));

    [Fact]
    public void An_object_with_a_setstate_of_its_own_by_newobj_and_build() =>
        Refuses("numpy.ndarray", new PickleWriter().Global("numpy", "ndarray").Code(')').Raw(0x81).Code('}').Code('b'));

    [Fact]
    public void Build_on_what_is_no_dictionary() =>
        Refuses("BUILD", new PickleWriter().Tensor("FloatStorage", "0", 1, 0, [1]).Code('}').Text("__setstate__").Text(Command).Code('s').Code('b'));

    [Theory]
    [InlineData(0x82, 1)]
    [InlineData(0x83, 2)]
    [InlineData(0x84, 4)]
    public void An_extension(byte instruction, int length) => Refuses("EXT", new PickleWriter().Raw(instruction).Raw(new byte[length]));

    [Fact]
    public void A_persistent_id_as_text() => Refuses("PERSID", new PickleWriter().Code('P', $"{Command}\n"));

    [Fact]
    public void A_persistent_id_of_a_foreign_kind() =>
        Refuses("BINPERSID", new PickleWriter().Code('(').Text("module").Global("torch", "FloatStorage").Text("source.py").Text(Command).Number(1).Code('t').Code('Q'));

    [Theory]
    [InlineData("torch.hub", "load")]
    [InlineData("torch", "load")]
    [InlineData("torch._utils", "_rebuild_tensor_v2 ")]
    [InlineData("torch.serialization", "_import_dotted_name")]
    [InlineData("builtins", "getattr")]
    [InlineData("numpy.core.multiarray", "_reconstruct")]
    [InlineData("collections", "OrderedDict.__reduce__")]
    [InlineData("MetricDepth.Inference.Checkpoints", "Checkpoint")]
    [InlineData("System.Diagnostics.Process", "Start")]
    public void Any_other_name(string module, string name) => Refuses($"{module}.{name}", new PickleWriter().Global(module, name));

    [Fact]
    public void A_list_is_not_made_a_storage() =>
        Refuses("_rebuild_tensor_v2", new PickleWriter().Global("torch._utils", "_rebuild_tensor_v2").Code('(').Code(']').Number(0).Code(')').Code(')').Code('t').Code('R'));

    [Fact]
    public void A_name_that_would_play_with_the_terminal_is_shown_without_its_tricks()
    {
        var error = Refuses("os", new PickleWriter().Global("os", "\u001b[2Jsystem\u202e\a"));
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.DoesNotContain('\u202e', error.Message);
    }

    public static TheoryData<string> Bombs => [.. MakeBombs.Keys];

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_bomb_ends_at_once(string name)
    {
        string path = TorchArchive.Write(_folder["bomb.pth"], MakeBombs[name]());
        Open(path, out long allocated, out var time);
        // room for a million small values; a bomb wants gigabytes
        Assert.True(allocated < 200_000_000, $"{allocated} bytes");
        Assert.True(time < TimeSpan.FromSeconds(5), $"{time}"); // it takes milliseconds, on a machine that does much else too
    }

    private static Dictionary<string, Func<byte[]>> MakeBombs { get; } = new()
    {
        ["a tuple of tuples that doubles with each step"] = () => Repeat(new PickleWriter().Code(')').Code('q', "\0"), p => p.Code('h', "\0").Code('h', "\0").Raw(0x86).Code('q', "\0"), 200_000).End(),
        ["a dictionary in itself"] = () => new PickleWriter().Code('}').Code('q', "\0").Text("model").Code('h', "\0").Code('s').End(),
        ["dictionaries that hold the last one twice"] = () => Repeat(new PickleWriter().Code('}').Code('q', "\0"),
            p => p.Code('}').Text("model").Code('h', "\0").Code('s').Text("net").Code('h', "\0").Code('s').Code('q', "\0"), 20_000).End(),
        ["marks without an end"] = () => Repeat(new PickleWriter(), p => p.Code('('), 900_000).End(),
        ["a stack without an end"] = () => Repeat(new PickleWriter(), p => p.Code(']'), 900_000).End(),
        ["more instructions than any network"] = () => Repeat(new PickleWriter(), p => p.Code('N').Code('0'), 1_500_000).End(),
        ["a memo index of four billion"] = () => new PickleWriter().Code('N').Code('r').Raw(0xff, 0xff, 0xff, 0xff).End(),
        ["a text of four billion letters"] = () => new PickleWriter().Code('X').Raw(0xff, 0xff, 0xff, 0xff).End(),
        ["a text longer than memory"] = () => new PickleWriter().Raw(0x8d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f).End(),
        ["a tensor of 2^63 numbers"] = () => new PickleWriter().Code('}').Text("w").Tensor("FloatStorage", "0", 1, 0, [1L << 40, 1L << 40]).Code('s').End(),
        ["a storage of 2^62 numbers"] = () => new PickleWriter().Code('}').Text("w").Tensor("FloatStorage", "0", 1L << 62, 0, [1L << 62]).Code('s').End(),
        ["a thousand dimensions"] = () => new PickleWriter().Code('}').Text("w").Tensor("FloatStorage", "0", 1, 0, [.. Enumerable.Repeat(1L, 1000)]).Code('s').End(),
        ["negative sizes"] = () => new PickleWriter().Code('}').Text("w").Tensor("FloatStorage", "0", 1, 0, [-1, -1]).Code('s').End(),
        ["an offset before the beginning"] = () => new PickleWriter().Code('}').Text("w").Tensor("FloatStorage", "0", 1, -4, [1]).Code('s').End(),
        ["an offset beyond the end"] = () => new PickleWriter().Code('}').Text("w").Tensor("FloatStorage", "0", 1, long.MaxValue, [1]).Code('s').End(),
        ["a storage elsewhere on the disk"] = () => new PickleWriter().Code('}').Text("w").Tensor("FloatStorage", "../../../etc/passwd", 1, 0, [1]).Code('s').End(),
    };

    private static PickleWriter Repeat(PickleWriter pickle, Action<PickleWriter> step, int times)
    {
        for (int i = 0; i < times; i++) step(pickle);
        return pickle;
    }

    private MetricDepthException Refuses(string named, PickleWriter pickle)
    {
        string path = TorchArchive.Write(_folder["hostile.pth"], pickle.End(), ("data/0", new byte[4]));
        var error = Open(path, out long allocated, out _);
        Assert.Equal("CheckpointUnsafe", error.ErrorId);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing of it was run", error.Message, StringComparison.Ordinal);
        Assert.True(allocated < 1_000_000, $"{allocated} bytes");
        Assert.False(File.Exists(Marker));
        return error;
    }

    private static MetricDepthException Open(string path, out long allocated, out TimeSpan time)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        var error = Assert.Throws<MetricDepthException>(() => Checkpoint.Open(path));
        (allocated, time) = (GC.GetAllocatedBytesForCurrentThread() - before, Stopwatch.GetElapsedTime(start));
        return error;
    }
}
