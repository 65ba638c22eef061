using System.ComponentModel;
using System.Management.Automation;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetricDepth.CommandLine.Commands;

/// <summary>Writes all objects as one JSON text.</summary>
[Cmdlet(VerbsData.ConvertTo, "Json")]
[OutputType(typeof(string))]
[Description("Writes all objects as one JSON text, an array where there are several.")]
public sealed class ConvertToJsonCommand : PSCmdlet
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(), new AsText() },
    };

    private readonly List<object> _objects = [];

    /// <summary>What to write.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    public object InputObject { get; set; } = null!;

    /// <summary>No line breaks.</summary>
    [Parameter]
    public SwitchParameter Compress { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _objects.Add(PSObject.Bare(InputObject));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var options = new JsonSerializerOptions(Indented) { WriteIndented = !Compress };
        WriteObject(_objects is [var one] ? JsonSerializer.Serialize(one, one.GetType(), options) : JsonSerializer.Serialize(_objects, options));
    }

    /// <summary>Files and exact rates as people write them.</summary>
    private sealed class AsText : JsonConverter<object>
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeof(FileSystemInfo).IsAssignableFrom(typeToConvert) || typeToConvert == typeof(Video.Rational);

        public override object Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value is FileSystemInfo file ? file.FullName : value.ToString());
    }
}
