using System.Globalization;

namespace MetricDepth.Inference.Checkpoints;

/// <summary>
/// What <c>torch.save</c> writes since version 1.6: a zip archive of stored entries with the pickle <c>data.pkl</c>, which lists the tensors,
/// and an entry <c>data/KEY</c> for each storage.
/// </summary>
internal static class PyTorchCheckpoint
{
    private const string PickleName = "data.pkl";
    private const string OfAllWorkers = "module.";
    private const int DeepestNesting = 6;

    // How makers name the state dict in a checkpoint that holds more: the likeliest first.
    private static readonly string[] StateNames = ["state_dict", "model", "model_state_dict", "model_state", "module", "network", "net", "params", "weights"];

    // 0x1950a86a20f9469cfc6c as a pickled number, the first thing in a file of PyTorch before 1.6
    private static ReadOnlySpan<byte> LegacyMagic => [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

    /// <summary>Whether the file is of the format before the zip archives.</summary>
    public static bool IsLegacy(MappedFile file) =>
        file.Length >= 2 + LegacyMagic.Length && file.Bytes(0, 1)[0] == 0x80 && file.Bytes(2, LegacyMagic.Length).SequenceEqual(LegacyMagic);

    /// <summary>The tensors of the state dict, in its order.</summary>
    /// <exception cref="MetricDepthException"><c>CheckpointUnsafe</c>, <c>CheckpointMalformed</c>, <c>CheckpointUnsupported</c>, <c>CheckpointUnknown</c>.</exception>
    public static OrderedDictionary<string, CheckpointTensor> ReadTensors(MappedFile file)
    {
        var entries = ZipDirectory.Read(file);
        string root = FindRoot(file, entries);
        if (entries.ContainsKey(root + "constants.pkl"))
            throw file.Failures.Unsupported("is a TorchScript program, not a checkpoint", "Get the network's weights (a state dict) from its makers.");
        if (entries.Values.FirstOrDefault(entry => !entry.IsStored) is { Name: { } compressed })
            throw file.Failures.Unsupported($"has compressed or encrypted entries ({CheckpointFailures.Quote(compressed)}), which torch.save never writes",
                "Load it in PyTorch once and save it again with torch.save.");
        if (entries.TryGetValue(root + "byteorder", out var order) && !file.Bytes(order.Offset, (int)Math.Min(order.Length, 16)).SequenceEqual("little"u8))
            throw file.Failures.Unsupported("was saved on a big-endian machine", "Load it in PyTorch on an ordinary machine and save it again with torch.save.");
        var pickle = entries[root + PickleName];
        object? value = PickleMachine.Read(file.Bytes(pickle.Offset, (int)Math.Min(pickle.Length, int.MaxValue)), file.Failures);
        var state = value is PickleDictionary dictionary ? FindState(dictionary, 0, new(ReferenceEqualityComparer.Instance)) : null;
        if (state is null)
            throw file.Failures.Unsupported("holds no state dict: no tensors by name", "Give the checkpoint with the network's weights as its makers publish it.");

        var tensors = new OrderedDictionary<string, CheckpointTensor>(StringComparer.Ordinal);
        var named = state.Items.Where(item => item is { Key: string, Value: PickledTensor }).ToList();
        // training on several GPUs wraps the network
        int prefix = named.All(item => ((string)item.Key!).StartsWith(OfAllWorkers, StringComparison.Ordinal)) ? OfAllWorkers.Length : 0;
        foreach (var item in named)
        {
            string name = ((string)item.Key!)[prefix..];
            tensors[name] = Locate(file, entries, root, name, (PickledTensor)item.Value!);
        }
        return tensors;
    }

    // Everything is in one folder, named after the file as it was saved.
    private static string FindRoot(MappedFile file, Dictionary<string, ZipEntry> entries)
    {
        var roots = entries.Keys
            .Where(name => name == PickleName || name.EndsWith("/" + PickleName, StringComparison.Ordinal) && name.IndexOf('/', StringComparison.Ordinal) == name.Length - PickleName.Length - 1)
            .Select(name => name[..^PickleName.Length])
            .ToList();
        return roots switch
        {
            [var root] => root,
            [] => throw new MetricDepthException("CheckpointUnknown", FailureKind.InvalidData,
                $"'{file.Path}' is a zip archive, but none that PyTorch saved. If the checkpoint is in it, unpack it and give the .pth or .safetensors file."),
            _ => throw file.Failures.Malformed("it holds more than one list of tensors"),
        };
    }

    // Where the makers' names lead, otherwise here, otherwise anywhere below; each dictionary is looked at once, however often it is referred to.
    private static PickleDictionary? FindState(PickleDictionary dictionary, int depth, HashSet<object> seen)
    {
        if (depth > DeepestNesting || !seen.Add(dictionary)) return null;
        var inner = dictionary.Items.Where(item => item.Value is PickleDictionary)
            .Select(item => (Rank: item.Key is string key ? Array.IndexOf(StateNames, key) : -1, Value: (PickleDictionary)item.Value!))
            .ToList();
        foreach (var (_, value) in inner.Where(item => item.Rank >= 0).OrderBy(item => item.Rank))
            if (FindState(value, depth + 1, seen) is { } found) return found;
        if (dictionary.Items.Exists(item => item is { Key: string, Value: PickledTensor })) return dictionary;
        foreach (var (_, value) in inner.Where(item => item.Rank < 0))
            if (FindState(value, depth + 1, seen) is { } found) return found;
        return null;
    }

    private static CheckpointTensor Locate(MappedFile file, Dictionary<string, ZipEntry> entries, string root, string name, PickledTensor tensor)
    {
        string quoted = CheckpointFailures.Quote(name);
        if (!entries.TryGetValue($"{root}data/{tensor.Storage.Key}", out var entry)) throw file.Failures.Malformed($"the numbers of {quoted} are missing");
        int storedSize = tensor.Storage.ElementType is { } stored ? CheckpointTensor.ElementSize(stored) : 1;
        if (tensor.Storage.Count > entry.Length / storedSize)
            throw file.Failures.Malformed(string.Create(CultureInfo.InvariantCulture, $"{quoted} is to have {tensor.Storage.Count} numbers, and {entry.Length} bytes are there"));
        if (!tensor.IsContiguous)
            throw file.Failures.Unsupported($"holds {quoted} transposed or with gaps", "Save it again in PyTorch with each tensor's contiguous() copy.");
        int size = CheckpointTensor.ElementSize(tensor.ElementType);
        if (CheckpointTensor.SizeOf(tensor.ElementType, tensor.Sizes) is not { } bytes || tensor.Offset > entry.Length / size || bytes > entry.Length - tensor.Offset * size)
            throw file.Failures.Malformed($"{quoted} reaches beyond its numbers");
        return new(name, tensor.ElementType, tensor.Sizes, entry.Offset + tensor.Offset * size, bytes);
    }
}
