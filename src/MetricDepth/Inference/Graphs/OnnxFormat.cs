using MetricDepth.Inference.Checkpoints;

namespace MetricDepth.Inference.Graphs;

/// <summary>The numbers of the ONNX file format (onnx.proto3).</summary>
internal static class OnnxFormat
{
    /// <summary>The version of the file format that goes with <see cref="OperatorSet"/>.</summary>
    public const int IrVersion = 9;

    /// <summary>Operators as of ONNX 1.15: the first set with Gelu, and one that ONNX Runtime runs from 1.17 on.</summary>
    public const int OperatorSet = 20;

    /// <summary>Operators that only ONNX Runtime has.</summary>
    public const string OwnDomain = "com.microsoft";

    /// <summary><c>TensorProto.DataType</c>.</summary>
    public static int DataType(TensorElementType type) => type switch
    {
        TensorElementType.Float32 => 1,
        TensorElementType.Int64 => 7,
        TensorElementType.Float16 => 10,
        TensorElementType.Float64 => 11,
        TensorElementType.BFloat16 => 16,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>Bytes of one number.</summary>
    public static int Bytes(TensorElementType type) => type switch
    {
        TensorElementType.Float16 or TensorElementType.BFloat16 => 2,
        TensorElementType.Float32 => 4,
        _ => 8,
    };
}
