namespace MetricDepth.Inference.Graphs;

/// <summary>A setting of one operator (<c>AttributeProto</c>).</summary>
internal readonly struct GraphAttribute
{
    private readonly string name;
    private readonly object value;

    private GraphAttribute(string name, object value) => (this.name, this.value) = (name, value);

    public static GraphAttribute Integer(string name, long value) => new(name, value);

    public static GraphAttribute Integers(string name, params long[] values) => new(name, values);

    public static GraphAttribute Number(string name, float value) => new(name, value);

    public static GraphAttribute Text(string name, string value) => new(name, value);

    public void WriteTo(ProtobufWriter writer)
    {
        writer.Text(1, name);
        switch (value)
        {
            case float number:
                writer.Single(2, number);
                writer.Integer(20, 1);
                break;
            case long integer:
                writer.Integer(3, integer);
                writer.Integer(20, 2);
                break;
            case string text:
                writer.Text(4, text);
                writer.Integer(20, 3);
                break;
            case long[] integers:
                foreach (long integer in integers) writer.Integer(8, integer);
                writer.Integer(20, 7);
                break;
        }
    }
}
