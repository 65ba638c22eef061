using System.IO.Compression;
using System.Text;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Scenes.Checkpoints;
using MetricDepth.Tests.Fixtures;

namespace MetricDepth.Tests.Inference.Checkpoints;

/// <summary>Weights come out of the makers' files as PyTorch reads them, and what cannot be read says why.</summary>
public sealed class CheckpointReadingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The figures are PyTorch 1.13's, from torch.load of the same files.
    [Theory]
    [InlineData("vda_tiny.pth", 239, 425225, 5102.461342093069, 43312.42766141333, "head.motion_modules.3.temporal_transformer.proj_out.bias", 0.109375, -0.375)]
    [InlineData("dav2_metric_tiny.pth", 127, 110137, 363.6646588947624, 10300.22709770687, "depth_head.scratch.output_conv2.2.bias", -0.015625, 0.1875)]
    public void The_makers_checkpoints_read_as_in_pytorch(string file, int tensors, long numbers, double sum, double magnitude, string last, float first, float final)
    {
        using var checkpoint = Checkpoint.Open(ModelFixture.Path(file));
        Assert.Equal(tensors, checkpoint.Tensors.Count);
        Assert.Equal("pretrained.cls_token", checkpoint.Tensors.Keys.First());
        Assert.Equal(last, checkpoint.Tensors.Keys.Last());
        Assert.Equal(numbers, checkpoint.Tensors.Values.Sum(tensor => tensor.Count));
        Assert.All(checkpoint.Tensors.Values, tensor => Assert.Equal(0, tensor.FileOffset % 64)); // torch.save's alignment
        var all = checkpoint.Tensors.Values.SelectMany(tensor => Numbers(checkpoint, tensor)).Select(value => (double)value).ToList();
        Assert.Equal(sum, all.Sum(), 1e-9 * magnitude); // the order of adding
        Assert.Equal(magnitude, all.Sum(Math.Abs), 1e-9 * magnitude);
        var qkv = checkpoint.Tensors["pretrained.blocks.2.attn.qkv.weight"];
        Assert.Equal([72, 24], qkv.Shape);
        Assert.Equal((first, final), (Numbers(checkpoint, qkv)[0], Numbers(checkpoint, qkv)[^1]));
    }

    [Fact]
    public void A_tensor_lies_in_the_file_where_it_is_said_to_be()
    {
        string path = ModelFixture.Path("vda_tiny.pth");
        using var checkpoint = Checkpoint.Open(path);
        byte[] file = File.ReadAllBytes(path);
        foreach (var tensor in checkpoint.Tensors.Values)
        {
            Assert.Equal(4 * tensor.Count, tensor.ByteLength);
            Assert.Equal(Numbers(checkpoint, tensor), Enumerable.Range(0, (int)tensor.Count).Select(i => BitConverter.ToSingle(file, (int)tensor.FileOffset + 4 * i)));
        }
    }

    [Theory]
    [InlineData("copy.safetensors")]
    [InlineData("copy.pth")]
    [InlineData("no extension")]
    public void A_copy_in_either_format_holds_the_same_numbers_in_the_same_order(string name)
    {
        using var original = Checkpoint.Open(ModelFixture.Path("dav2_metric_tiny.pth"));
        WeightsFile.Copy(original, _folder[name]);
        using var copy = Checkpoint.Open(_folder[name]);
        Assert.Equal(original.Tensors.Keys, copy.Tensors.Keys);
        foreach (var tensor in original.Tensors.Values)
        {
            Assert.Equal(tensor.Shape, copy.Tensors[tensor.Name].Shape);
            Assert.Equal(Numbers(original, tensor), Numbers(copy, copy.Tensors[tensor.Name]));
        }
    }

    [Theory]
    [InlineData(TensorElementType.Float16, "half.pth", 1.0 / 2048)] // half of the last bit of 11
    [InlineData(TensorElementType.Float16, "half.safetensors", 1.0 / 2048)]
    [InlineData(TensorElementType.BFloat16, "brain.pth", 1.0 / 256)] // half of the last bit of 8
    [InlineData(TensorElementType.BFloat16, "brain.safetensors", 1.0 / 256)]
    public void Sixteen_bit_weights_read_as_float32(TensorElementType type, string name, double rounding)
    {
        var shape = new long[] { 3, 2741 }; // longer than any vector, and not a multiple of one
        float[] values = [.. Enumerable.Range(0, 3 * 2741).Select(i => (float)Math.Sin(i) * (1 + i % 7))];
        WeightsFile.Write(_folder[name], [new("w", type, shape, (first, part) => values.AsSpan((int)first, part.Length).CopyTo(part))]);
        using var checkpoint = Checkpoint.Open(_folder[name]);
        var tensor = checkpoint.Tensors["w"];
        Assert.Equal((type, 2L * values.Length), (tensor.ElementType, tensor.ByteLength));
        var read = Numbers(checkpoint, tensor);
        Assert.All(read.Zip(values), pair => Assert.Equal(pair.Second, pair.First, Math.Abs(pair.Second) * rounding + 1e-7));
        Assert.NotEqual(values, read);
        var part = new float[11];
        checkpoint.Read(tensor, 1000, part);
        Assert.Equal(read[1000..1011], part);
    }

    [Theory]
    [InlineData("model")]
    [InlineData("state_dict")]
    [InlineData("something else")]
    public void A_state_dict_inside_a_larger_checkpoint_is_found(string key)
    {
        WeightsFile.WritePyTorch(_folder["x.pth"], [new("w", TensorElementType.Float32, [2], (_, part) => part.Fill(3))], key);
        using var checkpoint = Checkpoint.Open(_folder["x.pth"]);
        Assert.Equal([3f, 3f], Numbers(checkpoint, Assert.Single(checkpoint.Tensors).Value));
    }

    [Fact]
    public void The_network_is_taken_from_a_training_checkpoint_and_not_its_optimizer()
    {
        var pickle = new PickleWriter().Code('}').Code('(')
            .Text("epoch").Number(7)
            .Text("optimizer").Code('}').Text("momentum").Tensor("FloatStorage", "0", 4, 0, [4]).Code('s')
            .Text("step").Tensor("FloatStorage", "0", 4, 0, [])
            .Text("state_dict").Code('}').Code('(')
            .Text("module.a").Tensor("FloatStorage", "0", 4, 0, [2, 2])
            .Text("module.b").Tensor("FloatStorage", "0", 4, 1, [3])
            .Code('u').Code('u');
        using var checkpoint = Open(pickle, ("data/0", Floats(1, 2, 3, 4)));
        Assert.Equal(["a", "b"], checkpoint.Tensors.Keys); // without the wrapper of several GPUs
        Assert.Equal([2f, 3f, 4f], Numbers(checkpoint, checkpoint.Tensors["b"])); // b lies in a's storage
        Assert.Equal(checkpoint.Tensors["a"].FileOffset + 4, checkpoint.Tensors["b"].FileOffset);
    }

    [Fact]
    public void Newer_ways_to_write_the_same_tensor_are_read()
    {
        // protocol 4: short texts, memo, names from the stack; the storage of bytes and the type of _rebuild_tensor_v3
        var pickle = new PickleWriter(4).Raw(0x95).Raw(BitConverter.GetBytes(1000L)).Code('}').Raw(0x94)
            .Raw([0x8c, 1, .. "w"u8]).Raw([0x8c, 12, .. "torch._utils"u8]).Raw([0x8c, 18, .. "_rebuild_tensor_v3"u8]).Raw(0x93)
            .Code('(')
            .Code('(').Text("storage").Raw([0x8c, 13, .. "torch.storage"u8]).Raw([0x8c, 14, .. "UntypedStorage"u8]).Raw(0x93).Text("0").Text("cuda:0").Number(8).Code('t').Code('Q')
            .Number(1).Number(2).Raw(0x85).Number(1).Raw(0x85).Raw(0x88).Global("collections", "OrderedDict").Code(')').Code('R')
            .Global("torch", "bfloat16").Code('t').Code('R').Code('s');
        using var checkpoint = Open(pickle, ("data/0", [0, 0, 0x80, 0x3f, 0x00, 0xc0, 0, 0]), ("byteorder", [.. "little"u8]), (".format_version", [.. "1"u8]));
        var tensor = Assert.Single(checkpoint.Tensors).Value;
        Assert.Equal(TensorElementType.BFloat16, tensor.ElementType);
        Assert.Equal([1f, -2f], Numbers(checkpoint, tensor));
    }

    [Theory]
    [InlineData("DoubleStorage", new byte[] { 0, 0, 0, 0, 0, 0, 0xf8, 0xbf }, -1.5f)]
    [InlineData("LongStorage", new byte[] { 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, -2f)]
    [InlineData("IntStorage", new byte[] { 0xfe, 0xff, 0xff, 0xff }, -2f)]
    [InlineData("ShortStorage", new byte[] { 0xfe, 0xff }, -2f)]
    [InlineData("CharStorage", new byte[] { 0xfe }, -2f)]
    [InlineData("ByteStorage", new byte[] { 0xfe }, 254f)]
    [InlineData("BoolStorage", new byte[] { 0xfe }, 1f)]
    public void Numbers_of_other_kinds_read_as_float32(string storage, byte[] bytes, float value)
    {
        using var checkpoint = Open(new PickleWriter().Code('}').Text("w").Tensor(storage, "0", 1, 0, [1, 1]).Code('s'), ("data/0", bytes));
        Assert.Equal([value], Numbers(checkpoint, checkpoint.Tensors["w"]));
    }

    [Fact]
    public void Parameters_and_tensors_of_one_number_or_none_are_read()
    {
        var pickle = new PickleWriter().Code('}').Code('(')
            .Text("parameter").Global("torch._utils", "_rebuild_parameter").Code('(').Tensor("FloatStorage", "0", 4, 2, [2])
            .Raw(0x88).Global("collections", "OrderedDict").Code(')').Code('R').Code('t').Code('R')
            .Text("scalar").Tensor("FloatStorage", "0", 4, 3, [], [])
            .Text("empty").Tensor("FloatStorage", "0", 4, 0, [3, 0], [1, 1])
            .Text("column").Tensor("FloatStorage", "0", 4, 0, [4, 1], [1, 999]) // the stride of a size of 1 is never used
            .Code('u');
        using var checkpoint = Open(pickle, ("data/0", Floats(1, 2, 3, 4)));
        Assert.Equal([3f, 4f], Numbers(checkpoint, checkpoint.Tensors["parameter"]));
        Assert.Equal([4f], Numbers(checkpoint, checkpoint.Tensors["scalar"]));
        Assert.Empty(Numbers(checkpoint, checkpoint.Tensors["empty"]));
        Assert.Equal([1f, 2f, 3f, 4f], Numbers(checkpoint, checkpoint.Tensors["column"]));
    }

    [Fact]
    public void Archives_of_the_large_kind_are_read()
    {
        using (var stream = File.Create(_folder["large.pth"]))
        using (var archive = new StoredArchive(stream, zip64: true))
        {
            archive.Add("large/data.pkl", Weight().End());
            archive.Add("large/data/0", Floats(5, 6));
        }
        using var checkpoint = Checkpoint.Open(_folder["large.pth"]);
        Assert.Equal([5f, 6f], Numbers(checkpoint, checkpoint.Tensors["w"]));
    }

    [Fact]
    public void A_file_beyond_4_gigabytes_is_read_where_its_numbers_are()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere a file of holes may take its whole length of the disk");
        const long Large = 1_200_000_000;
        byte[] header = Encoding.ASCII.GetBytes(
            $$"""{"large":{"dtype":"F32","shape":[{{Large}}],"data_offsets":[0,{{4 * Large}}]},"last":{"dtype":"F32","shape":[2],"data_offsets":[{{4 * Large}},{{4 * Large + 8}}]} }""");
        using (var stream = File.Create(_folder["large.safetensors"]))
        {
            stream.Write(BitConverter.GetBytes((long)header.Length));
            stream.Write(header);
            stream.Position += 4 * Large - 4; // a hole
            stream.Write(Floats(7, 8, 9));
        }
        using var checkpoint = Checkpoint.Open(_folder["large.safetensors"]);
        Assert.Equal([8f, 9f], Numbers(checkpoint, checkpoint.Tensors["last"]));
        var end = new float[3];
        checkpoint.Read(checkpoint.Tensors["large"], Large - 3, end);
        Assert.Equal([0f, 0f, 7f], end);
    }

    [Fact]
    public void Names_that_come_twice_mean_the_later_tensor_as_in_python()
    {
        var pickle = new PickleWriter().Code('}').Code('(').Text("w").Tensor("FloatStorage", "0", 2, 0, [1]).Text("w").Tensor("FloatStorage", "0", 2, 1, [1]).Code('u');
        using var checkpoint = Open(pickle, ("data/0", Floats(1, 2)));
        Assert.Equal([2f], Numbers(checkpoint, Assert.Single(checkpoint.Tensors).Value));
    }

    [Fact]
    public void A_transposed_tensor_is_refused_by_name()
    {
        var pickle = new PickleWriter().Code('}').Text("fc.weight").Tensor("FloatStorage", "0", 4, 0, [2, 2], [1, 2]).Code('s');
        var error = Refused(pickle, ("data/0", Floats(1, 2, 3, 4)));
        Assert.Equal("CheckpointUnsupported", error.ErrorId);
        Assert.Contains("'fc.weight' transposed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_from_a_big_endian_machine_is_refused()
    {
        var error = Refused(Weight(), ("data/0", Floats(1, 2)), ("byteorder", [.. "big"u8]));
        Assert.Equal("CheckpointUnsupported", error.ErrorId);
        Assert.Contains("big-endian", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_archive_is_refused_and_says_how_to_mend_it()
    {
        using (var archive = ZipFile.Open(_folder["x.pth"], ZipArchiveMode.Create))
        {
            using var entry = archive.CreateEntry("x/data.pkl", CompressionLevel.Optimal).Open();
            entry.Write(Weight().End());
        }
        var error = Assert.Throws<MetricDepthException>(() => Checkpoint.Open(_folder["x.pth"]));
        Assert.Equal("CheckpointUnsupported", error.ErrorId);
        Assert.Contains("torch.save", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Complex_numbers_are_not_called_unsafe()
    {
        var error = Refused(new PickleWriter().Code('}').Text("w").Tensor("ComplexFloatStorage", "0", 1, 0, [1]).Code('s'), ("data/0", Floats(1, 2)));
        Assert.Equal("CheckpointUnsupported", error.ErrorId);
        Assert.Contains("'torch.ComplexFloatStorage'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_of_torchscript_is_told_apart()
    {
        var error = Refused(Weight(), ("data/0", Floats(1, 2)), ("constants.pkl", [.. ")."u8]));
        Assert.Contains("TorchScript", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_without_tensors_by_name_is_refused() =>
        Assert.Equal("CheckpointUnsupported", Refused(new PickleWriter().Code(']')).ErrorId);

    [Theory]
    [InlineData("", "CheckpointMalformed")]
    [InlineData("P", "CheckpointUnknown")]
    [InlineData("<html>not found</html>", "CheckpointUnknown")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n", "CheckpointUnknown")]
    public void What_is_no_checkpoint_is_refused_by_its_content(string content, string errorId)
    {
        File.WriteAllText(_folder["x.pth"], content);
        Assert.Equal(errorId, Assert.Throws<MetricDepthException>(() => Checkpoint.Open(_folder["x.pth"])).ErrorId);
    }

    [Fact]
    public void Other_zip_archives_are_told_apart()
    {
        using (var stream = File.Create(_folder["x.pth"]))
        using (var archive = new StoredArchive(stream)) archive.Add("readme.txt", "hello"u8);
        Assert.Equal("CheckpointUnknown", Assert.Throws<MetricDepthException>(() => Checkpoint.Open(_folder["x.pth"])).ErrorId);
    }

    [Fact]
    public void The_format_before_pytorch_1_6_is_refused_and_says_what_to_do()
    {
        File.WriteAllBytes(_folder["old.pth"], [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.']);
        var error = Assert.Throws<MetricDepthException>(() => Checkpoint.Open(_folder["old.pth"]));
        Assert.Equal("CheckpointUnsupported", error.ErrorId);
        Assert.Contains("save it again with torch.save", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Equal("CheckpointNotFound", Assert.Throws<MetricDepthException>(() => Checkpoint.Open(_folder["none.pth"])).ErrorId);

    [Fact]
    public void A_closed_checkpoint_reads_nothing_more()
    {
        var checkpoint = Checkpoint.Open(ModelFixture.Path("dav2_metric_tiny.pth"));
        var tensor = checkpoint.Tensors.Values.First();
        checkpoint.Dispose();
        Assert.Throws<ObjectDisposedException>(() => checkpoint.Read(tensor, 0, new float[1]));
    }

    private static PickleWriter Weight() => new PickleWriter().Code('}').Text("w").Tensor("FloatStorage", "0", 2, 0, [2]).Code('s');

    private Checkpoint Open(PickleWriter pickle, params (string Name, byte[] Bytes)[] entries) => Checkpoint.Open(TorchArchive.Write(_folder["x.pth"], pickle.End(), entries));

    private MetricDepthException Refused(PickleWriter pickle, params (string Name, byte[] Bytes)[] entries) =>
        Assert.Throws<MetricDepthException>(() => Open(pickle, entries));

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static float[] Numbers(Checkpoint checkpoint, CheckpointTensor tensor)
    {
        var values = new float[tensor.Count];
        checkpoint.Read(tensor, 0, values);
        return values;
    }
}
