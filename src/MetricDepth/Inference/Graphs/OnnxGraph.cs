using System.Globalization;
using MetricDepth.Inference.Checkpoints;

namespace MetricDepth.Inference.Graphs;

/// <summary>A network as an ONNX graph: its operators, and where its weights lie. Nothing of the weights is held.</summary>
/// <remarks>The checkpoint that the weights lie in has to stay open as long as the graph is written or <see cref="InMemory"/> is called.</remarks>
public sealed class OnnxGraph
{
    /// <summary>Where protocol buffers end: a file with everything inside cannot be larger.</summary>
    private const long LargestFile = int.MaxValue;

    /// <summary>Where weights in a file of their own begin, bytes: whole lines of a processor's cache.</summary>
    private const int Alignment = 64;

    private readonly ReadOnlyMemory<byte> nodes;
    private readonly IReadOnlyList<GraphInitializer> initializers;
    private readonly IReadOnlyList<GraphTensor> inputs;
    private readonly IReadOnlyList<GraphTensor> outputs;
    private readonly GraphTarget target;

    internal OnnxGraph(
        string name, ReadOnlyMemory<byte> nodes, IReadOnlyList<GraphInitializer> initializers,
        IReadOnlyList<GraphTensor> inputs, IReadOnlyList<GraphTensor> outputs, GraphTarget target)
    {
        this.target = target;
        Name = name;
        this.nodes = nodes;
        this.initializers = initializers;
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /// <summary>For messages, and the graph's name in the file.</summary>
    public string Name { get; }

    /// <summary>What goes in; a first size of −1 is free.</summary>
    public IReadOnlyList<OnnxTensorInfo> Inputs => [.. inputs.Select(tensor => new OnnxTensorInfo(tensor.Name, OnnxElementType.Float32, tensor.Shape))];

    /// <summary>What comes out; a first size of −1 is free.</summary>
    public IReadOnlyList<OnnxTensorInfo> Outputs => [.. outputs.Select(tensor => new OnnxTensorInfo(tensor.Name, OnnxElementType.Float32, tensor.Shape))];

    /// <summary>What the weights take, stored as the graph calculates with them, bytes.</summary>
    public long WeightBytes => initializers.Sum(initializer => initializer.ByteLength);

    /// <summary>The graph for a session here: its weights stay in the checkpoint's file, which ONNX Runtime maps.</summary>
    /// <remarks>Weights that the file stores as another type than the graph wants are converted when the session is made.</remarks>
    public NetworkGraph InMemory()
    {
        var stored = initializers.OfType<StoredInitializer>().FirstOrDefault();
        string? file = stored?.Checkpoint.Path;
        var writer = new ProtobufWriter();
        WriteHead(writer, null);
        writer.Message(7, graph =>
        {
            foreach (var constant in initializers.OfType<StoredInitializer>().Where(constant => constant.Tensor.ElementType != constant.Type))
            {
                graph.Message(1, node =>
                {
                    node.Text(1, StoredName(constant));
                    node.Text(2, constant.Name);
                    node.Text(4, "Cast");
                    node.Message(5, GraphAttribute.Integer("to", OnnxFormat.DataType(constant.Type)).WriteTo);
                });
            }
            WriteBody(graph);
            foreach (var constant in initializers)
                graph.Message(5, tensor =>
                {
                    if (constant is StoredInitializer weight) WriteReference(tensor, weight);
                    else WriteInline(tensor, (InlineInitializer)constant);
                });
        });
        return new(Name, writer.Written, file is null ? null : Path.GetDirectoryName(file));
    }

    /// <summary>Writes a file that needs no other: the weights are copied into it, converted to what the graph calculates with.</summary>
    /// <param name="stream">Takes the file; written from front to back.</param>
    /// <param name="metadata">Notes that go into the file (<c>metadata_props</c>).</param>
    /// <param name="progress">Told the bytes written after each weight.</param>
    /// <param name="cancellation">Stops between two weights; what is written by then is not a whole file.</param>
    /// <exception cref="MetricDepthException"><c>ModelTooLarge</c>: an ONNX file ends at 2 GB.</exception>
    public void Write(Stream stream, IReadOnlyDictionary<string, string>? metadata = null, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        var head = new ProtobufWriter();
        WriteHead(head, metadata);
        var body = new ProtobufWriter();
        WriteBody(body);
        var heads = new List<ReadOnlyMemory<byte>>(initializers.Count);
        long length = body.Written.Length;
        foreach (var constant in initializers)
        {
            var description = new ProtobufWriter();
            Describe(description, constant, constant.Type, constant.Name);
            description.Begin(9, constant.ByteLength);
            var key = new ProtobufWriter();
            key.Begin(5, description.Written.Length + constant.ByteLength);
            heads.Add((byte[])[.. key.Written.Span, .. description.Written.Span]);
            length += heads[^1].Length + constant.ByteLength;
        }
        if (head.Written.Length + length + 16 > LargestFile)
            throw new MetricDepthException("ModelTooLarge", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"'{Name}' would take {length / 1e9:0.0} GB, and an ONNX file ends at 2.1 GB. Ask for float16."));
        head.Begin(7, length);
        stream.Write(head.Written.Span);
        stream.Write(body.Written.Span);
        long done = head.Written.Length + body.Written.Length;
        foreach (var (constant, description) in initializers.Zip(heads))
        {
            cancellation.ThrowIfCancellationRequested();
            stream.Write(description.Span);
            constant.WriteTo(stream);
            progress?.Report(done += description.Length + constant.ByteLength);
        }
    }

    /// <summary>Writes a file and one for its weights, which have to stay together: for networks that protocol buffers cannot hold.</summary>
    /// <param name="model">Takes the file.</param>
    /// <param name="weights">Takes the weights, converted to what the graph calculates with; written from front to back.</param>
    /// <param name="weightsName">The name, without folder, that the file of the weights has.</param>
    /// <param name="metadata">Notes that go into the file (<c>metadata_props</c>).</param>
    /// <param name="progress">Told the bytes of weights written after each.</param>
    /// <param name="cancellation">Stops between two weights; what is written by then is not a whole model.</param>
    public void Write(
        Stream model, Stream weights, string weightsName, IReadOnlyDictionary<string, string>? metadata = null, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        long end = 0;
        var writer = new ProtobufWriter();
        WriteHead(writer, metadata);
        writer.Message(7, graph =>
        {
            WriteBody(graph);
            foreach (var constant in initializers)
                graph.Message(5, tensor =>
                {
                    if (constant is InlineInitializer inline)
                    {
                        WriteInline(tensor, inline);
                        return;
                    }
                    Describe(tensor, constant, constant.Type, constant.Name);
                    WritePlace(tensor, weightsName, Aligned(end), constant.ByteLength);
                    end = Aligned(end) + constant.ByteLength;
                });
        });
        model.Write(writer.Written.Span);
        long done = 0;
        foreach (var constant in initializers.OfType<StoredInitializer>())
        {
            cancellation.ThrowIfCancellationRequested();
            weights.Write(new byte[Aligned(done) - done]);
            constant.WriteTo(weights);
            progress?.Report(done = Aligned(done) + constant.ByteLength);
        }

        static long Aligned(long offset) => (offset + Alignment - 1) / Alignment * Alignment;
    }

    private static string StoredName(StoredInitializer weight) => weight.Name + ".stored";

    private void WriteHead(ProtobufWriter model, IReadOnlyDictionary<string, string>? metadata)
    {
        model.Integer(1, OnnxFormat.IrVersion);
        model.Text(2, "MetricDepth");
        model.Message(8, operators => operators.Integer(2, OnnxFormat.OperatorSet));
        if (target != GraphTarget.Any)
            model.Message(8, operators =>
            {
                operators.Text(1, OnnxFormat.OwnDomain);
                operators.Integer(2, 1);
            });
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>()) Pair(model, 14, key, value);
    }

    private void WriteBody(ProtobufWriter graph)
    {
        graph.Raw(nodes.Span);
        graph.Text(2, Name);
        foreach (var input in inputs) graph.Message(11, value => WriteValue(value, input));
        foreach (var output in outputs) graph.Message(12, value => WriteValue(value, output));
    }

    private static void WriteValue(ProtobufWriter value, GraphTensor tensor)
    {
        value.Text(1, tensor.Name);
        value.Message(2, type => type.Message(1, tensorType =>
        {
            tensorType.Integer(1, OnnxFormat.DataType(tensor.Type));
            tensorType.Message(2, shape =>
            {
                foreach (long size in tensor.Shape)
                    shape.Message(1, dimension =>
                    {
                        if (size < 0) dimension.Text(2, "frames");
                        else dimension.Integer(1, size);
                    });
            });
        }));
    }

    private static void WriteReference(ProtobufWriter tensor, StoredInitializer weight)
    {
        var stored = weight.Tensor.ElementType;
        Describe(tensor, weight, stored, stored == weight.Type ? weight.Name : StoredName(weight));
        WritePlace(tensor, Path.GetFileName(weight.Checkpoint.Path), weight.FileOffset, weight.Count * OnnxFormat.Bytes(stored));
    }

    private static void WritePlace(ProtobufWriter tensor, string file, long offset, long length)
    {
        Pair(tensor, 13, "location", file);
        Pair(tensor, 13, "offset", offset.ToString(CultureInfo.InvariantCulture));
        Pair(tensor, 13, "length", length.ToString(CultureInfo.InvariantCulture));
        tensor.Integer(14, 1);
    }

    private static void WriteInline(ProtobufWriter tensor, InlineInitializer constant)
    {
        Describe(tensor, constant, constant.Type, constant.Name);
        tensor.Bytes(9, constant.Bytes.Span);
    }

    private static void Describe(ProtobufWriter tensor, GraphInitializer constant, TensorElementType type, string name)
    {
        foreach (long size in constant.Shape) tensor.Integer(1, size);
        tensor.Integer(2, OnnxFormat.DataType(type));
        tensor.Text(8, name);
    }

    private static void Pair(ProtobufWriter writer, int field, string key, string value) => writer.Message(field, pair =>
    {
        pair.Text(1, key);
        pair.Text(2, value);
    });
}
