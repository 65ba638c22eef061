using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace MetricDepth.Inference.Checkpoints;

/// <summary>
/// The safetensors format: the length of a JSON header (8 bytes), the header with each tensor's type, shape and place, then the bare numbers,
/// without gaps.
/// </summary>
internal static class SafetensorsCheckpoint
{
    private const int LengthBytes = 8;
    // The format allows 100 MB; a network of 100,000 tensors needs a tenth of this.
    private const int LongestHeader = 1 << 26;
    private const int MostTensors = 500_000;
    private const int MostDimensions = 64;
    private const string Metadata = "__metadata__";

    /// <summary>Whether the file begins as a safetensors file does.</summary>
    public static bool Begins(MappedFile file) => file.Length > LengthBytes && file.Bytes(LengthBytes, 1)[0] == '{';

    /// <summary>The tensors in the header's order.</summary>
    /// <exception cref="MetricDepthException"><c>CheckpointMalformed</c>, <c>CheckpointUnsupported</c>.</exception>
    public static OrderedDictionary<string, CheckpointTensor> ReadTensors(MappedFile file)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Bytes(0, LengthBytes));
        if (length > LongestHeader || length > (ulong)(file.Length - LengthBytes))
            throw file.Failures.Malformed(string.Create(CultureInfo.InvariantCulture, $"its header is to have {length} bytes, more than there are or can be"));
        long data = LengthBytes + (long)length;
        OrderedDictionary<string, CheckpointTensor> tensors;
        try
        {
            tensors = ReadHeader(file, data);
        }
        // the reader throws InvalidOperationException for text that is no Unicode
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw file.Failures.Malformed("its header is not the JSON it should be", e);
        }
        CheckPlaces(file, tensors, data);
        return tensors;
    }

    private static OrderedDictionary<string, CheckpointTensor> ReadHeader(MappedFile file, long data)
    {
        var json = new Utf8JsonReader(file.Bytes(LengthBytes, (int)(data - LengthBytes)), new JsonReaderOptions { MaxDepth = 4 });
        var tensors = new OrderedDictionary<string, CheckpointTensor>(StringComparer.Ordinal);
        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            if (name == Metadata)
            {
                Expect(ref json, JsonTokenType.StartObject);
                json.Skip();
                continue;
            }
            if (tensors.Count == MostTensors) throw file.Failures.Malformed("it has more tensors than any network");
            if (!tensors.TryAdd(name, ReadTensor(ref json, file, name, data))) throw file.Failures.Malformed($"it has two tensors {CheckpointFailures.Quote(name)}");
        }
        if (json.Read()) throw new JsonException();
        return tensors;
    }

    private static CheckpointTensor ReadTensor(ref Utf8JsonReader json, MappedFile file, string name, long data)
    {
        string? type = null;
        long[]? shape = null, place = null;
        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            string? key = json.GetString();
            switch (key)
            {
                case "dtype":
                    Expect(ref json, JsonTokenType.String);
                    type = json.GetString();
                    break;
                case "shape": shape = Numbers(ref json); break;
                case "data_offsets": place = Numbers(ref json); break;
                default: throw new JsonException();
            }
        }
        string quoted = CheckpointFailures.Quote(name);
        if (type is null || shape is null || place is not [var begin, var end]) throw file.Failures.Malformed($"{quoted} has no type, shape or place");
        var element = type switch
        {
            "F32" => TensorElementType.Float32,
            "F16" => TensorElementType.Float16,
            "BF16" => TensorElementType.BFloat16,
            "F64" => TensorElementType.Float64,
            "I64" => TensorElementType.Int64,
            "I32" => TensorElementType.Int32,
            "I16" => TensorElementType.Int16,
            "I8" => TensorElementType.Int8,
            "U8" => TensorElementType.UInt8,
            "BOOL" => TensorElementType.Boolean,
            _ => throw file.Failures.Unsupported($"holds {quoted} as numbers of the kind {CheckpointFailures.Quote(type)}",
                "Get the weights as float32, float16 or bfloat16."),
        };
        if (begin < 0 || end < begin || end > file.Length - data) throw file.Failures.Malformed($"{quoted} lies outside the file");
        if (CheckpointTensor.SizeOf(element, shape) != end - begin) throw file.Failures.Malformed($"{quoted} has a shape that does not fit its {(end - begin).ToString(CultureInfo.InvariantCulture)} bytes");
        return new(name, element, shape, data + begin, end - begin);
    }

    // One after the other up to the file's end, as the format wants it: nothing overlaps, nothing is hidden between.
    private static void CheckPlaces(MappedFile file, OrderedDictionary<string, CheckpointTensor> tensors, long data)
    {
        long end = data;
        foreach (var tensor in tensors.Values.OrderBy(tensor => tensor.FileOffset).ThenBy(tensor => tensor.ByteLength))
        {
            if (tensor.FileOffset != end) throw file.Failures.Malformed($"{CheckpointFailures.Quote(tensor.Name)} overlaps another tensor, or lies behind a gap");
            end += tensor.ByteLength;
        }
        if (end != file.Length) throw file.Failures.Malformed("its tensors end before the file does");
    }

    private static long[] Numbers(ref Utf8JsonReader json)
    {
        var numbers = new List<long>();
        Expect(ref json, JsonTokenType.StartArray);
        while (Next(ref json) == JsonTokenType.Number)
        {
            if (numbers.Count == MostDimensions || !json.TryGetInt64(out long number)) throw new JsonException();
            numbers.Add(number);
        }
        return json.TokenType == JsonTokenType.EndArray ? [.. numbers] : throw new JsonException();
    }

    private static JsonTokenType Next(ref Utf8JsonReader json) => json.Read() ? json.TokenType : throw new JsonException();

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (Next(ref json) != type) throw new JsonException();
    }
}
