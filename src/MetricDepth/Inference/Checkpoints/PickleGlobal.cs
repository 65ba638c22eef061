using System.Collections.Frozen;

namespace MetricDepth.Inference.Checkpoints;

/// <summary>What a name in a pickle stands for.</summary>
internal enum PickleGlobalKind
{
    OrderedDictionary,
    Storage,
    ElementType,
    Size,
    RebuildTensor,
    RebuildParameter,
}

/// <summary>One of the few names that tensors need. They are words of a format here: nothing is looked up or loaded under them.</summary>
/// <param name="Name">Module and name, e.g. <c>torch.FloatStorage</c>.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="ElementType">The type of a storage or of numbers; null for a storage of bytes.</param>
internal sealed record PickleGlobal(string Name, PickleGlobalKind Kind, TensorElementType? ElementType = null)
{
    private static readonly FrozenDictionary<string, PickleGlobal> Known = new PickleGlobal[]
    {
        new("collections.OrderedDict", PickleGlobalKind.OrderedDictionary),
        new("torch.Size", PickleGlobalKind.Size),
        new("torch._utils._rebuild_tensor", PickleGlobalKind.RebuildTensor),
        new("torch._utils._rebuild_tensor_v2", PickleGlobalKind.RebuildTensor),
        new("torch._utils._rebuild_tensor_v3", PickleGlobalKind.RebuildTensor),
        new("torch._utils._rebuild_parameter", PickleGlobalKind.RebuildParameter),
        new("torch._utils._rebuild_parameter_with_state", PickleGlobalKind.RebuildParameter),
        new("torch.storage.UntypedStorage", PickleGlobalKind.Storage),
        new("torch.storage._UntypedStorage", PickleGlobalKind.Storage),
        new("torch.FloatStorage", PickleGlobalKind.Storage, TensorElementType.Float32),
        new("torch.HalfStorage", PickleGlobalKind.Storage, TensorElementType.Float16),
        new("torch.BFloat16Storage", PickleGlobalKind.Storage, TensorElementType.BFloat16),
        new("torch.DoubleStorage", PickleGlobalKind.Storage, TensorElementType.Float64),
        new("torch.LongStorage", PickleGlobalKind.Storage, TensorElementType.Int64),
        new("torch.IntStorage", PickleGlobalKind.Storage, TensorElementType.Int32),
        new("torch.ShortStorage", PickleGlobalKind.Storage, TensorElementType.Int16),
        new("torch.CharStorage", PickleGlobalKind.Storage, TensorElementType.Int8),
        new("torch.ByteStorage", PickleGlobalKind.Storage, TensorElementType.UInt8),
        new("torch.BoolStorage", PickleGlobalKind.Storage, TensorElementType.Boolean),
        new("torch.float32", PickleGlobalKind.ElementType, TensorElementType.Float32),
        new("torch.float16", PickleGlobalKind.ElementType, TensorElementType.Float16),
        new("torch.bfloat16", PickleGlobalKind.ElementType, TensorElementType.BFloat16),
        new("torch.float64", PickleGlobalKind.ElementType, TensorElementType.Float64),
        new("torch.int64", PickleGlobalKind.ElementType, TensorElementType.Int64),
        new("torch.int32", PickleGlobalKind.ElementType, TensorElementType.Int32),
        new("torch.int16", PickleGlobalKind.ElementType, TensorElementType.Int16),
        new("torch.int8", PickleGlobalKind.ElementType, TensorElementType.Int8),
        new("torch.uint8", PickleGlobalKind.ElementType, TensorElementType.UInt8),
        new("torch.bool", PickleGlobalKind.ElementType, TensorElementType.Boolean),
    }.ToFrozenDictionary(global => global.Name, StringComparer.Ordinal);

    // Numbers of other kinds (quantised, complex, 8-bit floating point) do no harm, they are just not weights that are read here.
    private static readonly string[] OtherNumbers =
    [
        "ComplexFloatStorage", "ComplexDoubleStorage", "QInt8Storage", "QUInt8Storage", "QInt32Storage", "QUInt4x2Storage", "QUInt2x4Storage",
        "complex32", "complex64", "complex128", "qint8", "quint8", "qint32", "uint16", "uint32", "uint64",
        "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu",
    ];

    /// <summary>What a name stands for.</summary>
    /// <exception cref="MetricDepthException"><c>CheckpointUnsafe</c>: a name that tensors do not need; <c>CheckpointUnsupported</c>.</exception>
    public static PickleGlobal Find(string module, string name, CheckpointFailures failures)
    {
        string full = $"{module}.{name}";
        if (Known.TryGetValue(full, out var global)) return global;
        if (module == "torch" && OtherNumbers.Contains(name))
            throw failures.Unsupported($"holds numbers of the kind {CheckpointFailures.Quote(full)}", "Get the weights as float32, float16 or bfloat16.");
        throw failures.Unsafe($"asks for {CheckpointFailures.Quote(full)} to be loaded and run");
    }
}
