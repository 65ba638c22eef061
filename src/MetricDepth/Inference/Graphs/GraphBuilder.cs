using System.Globalization;
using System.Runtime.InteropServices;
using MetricDepth.Inference.Checkpoints;

namespace MetricDepth.Inference.Graphs;

/// <summary>Puts an ONNX graph together, node by node; shapes are known all along, so that mistakes show here and not in a session.</summary>
/// <param name="name">For messages and in the file.</param>
/// <param name="compute">What matrix products and convolutions calculate with: float32 or float16.</param>
/// <param name="target">What runs it.</param>
internal sealed class GraphBuilder(string name, TensorElementType compute, GraphTarget target)
{
    private readonly ProtobufWriter nodes = new();
    private readonly Dictionary<string, GraphInitializer> initializers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GraphTensor> shared = new(StringComparer.Ordinal);
    private readonly List<GraphTensor> inputs = [];
    private readonly List<GraphTensor> outputs = [];
    private int values;

    /// <summary>What matrix products and convolutions calculate with.</summary>
    public TensorElementType Compute { get; } = compute;

    /// <summary>What runs it.</summary>
    public GraphTarget Target { get; } = target;

    /// <summary>A float32 input of the network; a first size of −1 is free.</summary>
    public GraphTensor Input(string inputName, params long[] shape)
    {
        var tensor = new GraphTensor(inputName, TensorElementType.Float32, shape);
        inputs.Add(tensor);
        return tensor;
    }

    /// <summary>Makes a value an output of the network, as float32.</summary>
    public void Output(GraphTensor value, string outputName)
    {
        var tensor = value with { Name = outputName, Type = TensorElementType.Float32 };
        Emit(value.Type == TensorElementType.Float32 ? "Identity" : "Cast", [value], tensor,
            value.Type == TensorElementType.Float32 ? [] : [GraphAttribute.Integer("to", OnnxFormat.DataType(tensor.Type))]);
        outputs.Add(tensor);
    }

    /// <summary>Adds an operator with one output.</summary>
    /// <param name="op">Its name in ONNX.</param>
    /// <param name="from">Its inputs; null where an optional one is left out.</param>
    /// <param name="type">What the output's numbers are.</param>
    /// <param name="shape">The output's sizes.</param>
    /// <param name="attributes">Its settings.</param>
    public GraphTensor Node(string op, IReadOnlyList<GraphTensor?> from, TensorElementType type, IReadOnlyList<long> shape, params GraphAttribute[] attributes)
    {
        var tensor = new GraphTensor($"{op}_{(values++).ToString(CultureInfo.InvariantCulture)}", type, shape);
        Emit(op, from, tensor, attributes, op is "MultiHeadAttention" ? OnnxFormat.OwnDomain : "");
        return tensor;
    }

    /// <summary>The same numbers as another type.</summary>
    public GraphTensor Cast(GraphTensor value, TensorElementType type) => value.Type == type
        ? value
        : Node("Cast", [value], type, value.Shape, GraphAttribute.Integer("to", OnnxFormat.DataType(type)));

    /// <summary>Integers that an operator wants as an input: a shape, axes.</summary>
    public GraphTensor Integers(params long[] numbers) => Shared("i" + string.Join('_', numbers), constant =>
        new InlineInitializer(constant, TensorElementType.Int64, [numbers.Length], MemoryMarshal.AsBytes<long>(numbers).ToArray()));

    /// <summary>Numbers made here, stored as <paramref name="type"/>.</summary>
    public GraphTensor Constant(string constantName, ReadOnlySpan<float> numbers, TensorElementType type, params long[] shape)
    {
        byte[] bytes;
        if (type == TensorElementType.Float16)
        {
            var halves = new Half[numbers.Length];
            for (int i = 0; i < halves.Length; i++) halves[i] = (Half)numbers[i];
            bytes = MemoryMarshal.AsBytes<Half>(halves).ToArray();
        }
        else
        {
            bytes = MemoryMarshal.AsBytes(numbers).ToArray();
        }
        return Shared(constantName, full => new InlineInitializer(full, type, shape, bytes));
    }

    /// <summary>A tensor of a checkpoint, or a run of its rows, as <paramref name="type"/>.</summary>
    /// <param name="checkpoint">The file.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="type">What the graph wants.</param>
    /// <param name="first">The first number taken.</param>
    /// <param name="shape">The sizes that the graph sees.</param>
    public GraphTensor Weight(Checkpoint checkpoint, CheckpointTensor tensor, TensorElementType type, long first, IReadOnlyList<long> shape)
    {
        string constantName = string.Create(CultureInfo.InvariantCulture, $"{tensor.Name}{(first > 0 || tensor.Count > Product(shape) ? $"[{first}:]" : "")}{(type == TensorElementType.Float16 ? ".f16" : "")}({string.Join('x', shape)})");
        return Shared(constantName, full => new StoredInitializer(full, type, shape, checkpoint, tensor, first));
    }

    /// <summary>The finished graph.</summary>
    public OnnxGraph Build() => new(name, nodes.Written, [.. initializers.Values], [.. inputs], [.. outputs], Target);

    internal static long Product(IEnumerable<long> shape) => shape.Aggregate(1L, (product, size) => product * size);

    private GraphTensor Shared(string constantName, Func<string, GraphInitializer> make)
    {
        if (shared.TryGetValue(constantName, out var tensor)) return tensor;
        var initializer = make(constantName);
        initializers.Add(constantName, initializer);
        return shared[constantName] = new(constantName, initializer.Type, initializer.Shape);
    }

    private void Emit(string op, IReadOnlyList<GraphTensor?> from, GraphTensor to, IReadOnlyList<GraphAttribute> attributes, string domain = "") => nodes.Message(1, node =>
    {
        foreach (var input in from) node.Text(1, input?.Name ?? "");
        node.Text(2, to.Name);
        node.Text(3, "node_" + to.Name);
        node.Text(4, op);
        foreach (var attribute in attributes) node.Message(5, attribute.WriteTo);
        if (domain.Length > 0) node.Text(7, domain);
    });
}
