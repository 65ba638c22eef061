using System.Globalization;
using MetricDepth.Inference.Checkpoints;

namespace MetricDepth.Inference.Graphs;

/// <summary>
/// The operators that the networks are made of. Under float16 they choose types as PyTorch's autocast does: products and convolutions in
/// float16, norms and softmax in float32, and where both meet, float32.
/// </summary>
internal static class GraphOperators
{
    /// <summary>x·Wᵀ + b on rows.</summary>
    /// <param name="graph">Takes the nodes.</param>
    /// <param name="x">[rows, in].</param>
    /// <param name="weight">[out, in], as PyTorch stores it.</param>
    /// <param name="bias">[out], or null.</param>
    public static GraphTensor Linear(this GraphBuilder graph, GraphTensor x, GraphTensor weight, GraphTensor? bias) =>
        graph.Node("Gemm", bias is null ? [graph.Cast(x, graph.Compute), weight] : [graph.Cast(x, graph.Compute), weight, bias],
            graph.Compute, [x.Shape[0], weight.Shape[0]], GraphAttribute.Integer("transB", 1));

    /// <summary>x·W + b on rows.</summary>
    /// <param name="graph">Takes the nodes.</param>
    /// <param name="x">[rows, in].</param>
    /// <param name="weight">[in, out].</param>
    /// <param name="bias">[out].</param>
    public static GraphTensor Product(this GraphBuilder graph, GraphTensor x, GraphTensor weight, GraphTensor bias) =>
        graph.Node("Gemm", [graph.Cast(x, graph.Compute), weight, bias], graph.Compute, [x.Shape[0], weight.Shape[1]]);

    /// <summary>Matrix product of the last two axes.</summary>
    public static GraphTensor MatMul(this GraphBuilder graph, GraphTensor a, GraphTensor b) =>
        graph.Node("MatMul", [graph.Cast(a, graph.Compute), graph.Cast(b, graph.Compute)], graph.Compute, [.. a.Shape.SkipLast(1), b.Shape[^1]]);

    /// <summary>Convolution, same padding for 3×3 and none otherwise.</summary>
    /// <param name="graph">Takes the nodes.</param>
    /// <param name="x">[n, in, h, w].</param>
    /// <param name="weight">[out, in, k, k].</param>
    /// <param name="bias">[out], or null.</param>
    /// <param name="stride">Step, px.</param>
    public static GraphTensor Conv(this GraphBuilder graph, GraphTensor x, GraphTensor weight, GraphTensor? bias, int stride = 1)
    {
        long k = weight.Shape[2], pad = k == 3 ? 1 : 0;
        long Size(long size) => (size + 2 * pad - k) / stride + 1;
        return graph.Node("Conv", bias is null ? [graph.Cast(x, weight.Type), weight] : [graph.Cast(x, weight.Type), weight, bias],
            weight.Type, [x.Shape[0], weight.Shape[0], Size(x.Shape[2]), Size(x.Shape[3])],
            GraphAttribute.Integers("kernel_shape", k, k), GraphAttribute.Integers("strides", stride, stride), GraphAttribute.Integers("pads", pad, pad, pad, pad));
    }

    /// <summary>Norm over the last axis: (x − mean)/√(variance + ε)·scale + shift.</summary>
    public static GraphTensor LayerNorm(this GraphBuilder graph, GraphTensor x, GraphTensor scale, GraphTensor shift, float epsilon)
    {
        if (graph.Target == GraphTarget.Cpu) // ONNX Runtime's own goes number by number; these steps use vector instructions
            return graph.Add(graph.Multiply(graph.Normalize(x, epsilon), scale), shift);
        return graph.Node("LayerNormalization", [graph.Cast(x, TensorElementType.Float32), scale, shift], TensorElementType.Float32, x.Shape,
            GraphAttribute.Integer("axis", -1), GraphAttribute.Number("epsilon", epsilon));
    }

    /// <summary>(x − mean)/√(variance + ε) over the last axis, the variance about the mean and not as a difference of squares.</summary>
    public static GraphTensor Normalize(this GraphBuilder graph, GraphTensor x, float epsilon)
    {
        long[] one = [.. x.Shape.SkipLast(1), 1];
        GraphTensor Reduce(string op, GraphTensor of) => graph.Node(op, [of, graph.Integers(x.Shape.Count - 1)], TensorElementType.Float32, one);
        GraphTensor Number(float value) => graph.Constant(value.ToString("r", CultureInfo.InvariantCulture), [value], TensorElementType.Float32);
        x = graph.Cast(x, TensorElementType.Float32);
        var centred = graph.Elementwise("Sub", x, Reduce("ReduceMean", x));
        var squares = graph.Add(Reduce("ReduceSumSquare", centred), Number(epsilon * x.Shape[^1]));
        var deviation = graph.Node("Sqrt", [graph.Multiply(squares, 1f / x.Shape[^1])], TensorElementType.Float32, one);
        return graph.Multiply(centred, graph.Node("Reciprocal", [deviation], TensorElementType.Float32, one));
    }

    /// <summary>softmax(q·kᵀ/√d)·v for each head.</summary>
    /// <param name="graph">Takes the nodes.</param>
    /// <param name="q">[n, tokens, heads·d].</param>
    /// <param name="k">[n, tokens, heads·d].</param>
    /// <param name="v">[n, tokens, heads·d].</param>
    /// <param name="heads">How many heads.</param>
    /// <returns>[n, tokens, heads·d].</returns>
    public static GraphTensor Attention(this GraphBuilder graph, GraphTensor q, GraphTensor k, GraphTensor v, int heads)
    {
        long n = q.Shape[0], tokens = q.Shape[1], width = q.Shape[2], d = width / heads;
        if (graph.Target != GraphTarget.Any) // never holds the tokens×tokens matrix
        {
            var type = graph.Target == GraphTarget.Cpu ? TensorElementType.Float32 : graph.Compute; // there is no other on the CPU
            return graph.Node("MultiHeadAttention", [graph.Cast(q, type), graph.Cast(k, type), graph.Cast(v, type)], type, q.Shape,
                GraphAttribute.Integer("num_heads", heads));
        }
        GraphTensor Split(GraphTensor part) => graph.Reshape(part, n, tokens, heads, d);
        var across = graph.Transpose(Split(graph.Multiply(q, 1 / MathF.Sqrt(d))), 0, 2, 1, 3);
        var seen = graph.MatMul(graph.Softmax(graph.MatMul(across, graph.Transpose(Split(k), 0, 2, 3, 1))), graph.Transpose(Split(v), 0, 2, 1, 3));
        return graph.Reshape(graph.Transpose(seen, 0, 2, 1, 3), n, tokens, width);
    }

    /// <summary>Softmax over the last axis.</summary>
    public static GraphTensor Softmax(this GraphBuilder graph, GraphTensor x) =>
        graph.Node("Softmax", [graph.Cast(x, TensorElementType.Float32)], TensorElementType.Float32, x.Shape, GraphAttribute.Integer("axis", -1));

    /// <summary>Exact GELU: x·Φ(x).</summary>
    public static GraphTensor Gelu(this GraphBuilder graph, GraphTensor x) => graph.Node("Gelu", [x], x.Type, x.Shape);

    /// <summary>max(x, 0).</summary>
    public static GraphTensor Relu(this GraphBuilder graph, GraphTensor x) => graph.Node("Relu", [x], x.Type, x.Shape);

    /// <summary>1/(1 + e⁻ˣ).</summary>
    public static GraphTensor Sigmoid(this GraphBuilder graph, GraphTensor x) => graph.Node("Sigmoid", [x], x.Type, x.Shape);

    /// <summary>Sum, with <paramref name="b"/> repeated along axes that it lacks.</summary>
    public static GraphTensor Add(this GraphBuilder graph, GraphTensor a, GraphTensor b) => graph.Elementwise("Add", a, b);

    /// <summary>Product, number by number, with <paramref name="b"/> repeated along axes that it lacks.</summary>
    public static GraphTensor Multiply(this GraphBuilder graph, GraphTensor a, GraphTensor b) => graph.Elementwise("Mul", a, b);

    /// <summary>Product with one number.</summary>
    public static GraphTensor Multiply(this GraphBuilder graph, GraphTensor a, float factor) => graph.Elementwise("Mul", a,
        graph.Constant(string.Create(CultureInfo.InvariantCulture, $"{factor:r}{(a.Type == TensorElementType.Float16 ? ".f16" : "")}"), [factor], a.Type));

    /// <summary>The same numbers in another shape; a free first size stays free.</summary>
    public static GraphTensor Reshape(this GraphBuilder graph, GraphTensor x, params long[] shape) =>
        x.Shape.SequenceEqual(shape) ? x : graph.Node("Reshape", [x, graph.Integers(shape)], x.Type, shape);

    /// <summary>Axes in another order.</summary>
    public static GraphTensor Transpose(this GraphBuilder graph, GraphTensor x, params int[] axes) =>
        graph.Node("Transpose", [x], x.Type, [.. axes.Select(axis => x.Shape[axis])],
            GraphAttribute.Integers("perm", [.. axes.Select(axis => (long)axis)]));

    /// <summary>A run of one axis.</summary>
    public static GraphTensor Slice(this GraphBuilder graph, GraphTensor x, int axis, long first, long count)
    {
        var shape = x.Shape.ToArray();
        if (first == 0 && count == shape[axis]) return x;
        shape[axis] = count;
        return graph.Node("Slice", [x, graph.Integers(first), graph.Integers(first + count), graph.Integers(axis)], x.Type, shape);
    }

    /// <summary>Values one behind the other along an axis.</summary>
    public static GraphTensor Concat(this GraphBuilder graph, IReadOnlyList<GraphTensor> parts, int axis)
    {
        if (parts.Count == 1) return parts[0];
        var shape = parts[0].Shape.ToArray();
        shape[axis] = parts.Sum(part => part.Shape[axis]);
        return graph.Node("Concat", parts, parts[0].Type, shape, GraphAttribute.Integer("axis", axis));
    }

    /// <summary>Bilinear, corners on corners: PyTorch's <c>interpolate(…, align_corners=True)</c>.</summary>
    /// <param name="graph">Takes the nodes.</param>
    /// <param name="x">[n, c, h, w].</param>
    /// <param name="height">Wanted, px.</param>
    /// <param name="width">Wanted, px.</param>
    public static GraphTensor Resize(this GraphBuilder graph, GraphTensor x, long height, long width)
    {
        if ((x.Shape[2], x.Shape[3]) == (height, width)) return x;
        GraphAttribute[] settings = [GraphAttribute.Text("mode", "linear"), GraphAttribute.Text("coordinate_transformation_mode", "align_corners")];
        long[] shape = [x.Shape[0], x.Shape[1], height, width];
        return (height, width) == (2 * x.Shape[2], 2 * x.Shape[3]) // as scales, because for whole ones ONNX Runtime has a faster way
            ? graph.Node("Resize", [x, null, graph.Constant("twice", [1, 1, 2, 2], TensorElementType.Float32, 4)], x.Type, shape, settings)
            : graph.Node("Resize", [x, null, null, graph.Integers(height, width)], x.Type, shape, [.. settings, GraphAttribute.Integers("axes", 2, 3)]);
    }

    private static GraphTensor Elementwise(this GraphBuilder graph, string op, GraphTensor a, GraphTensor b)
    {
        var type = a.Type == b.Type ? a.Type : TensorElementType.Float32;
        return graph.Node(op, [graph.Cast(a, type), graph.Cast(b, type)], type, a.Shape);
    }
}
