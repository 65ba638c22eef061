using System.Globalization;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Tests.Fixtures;

namespace MetricDepth.Tests.Estimation.Networks;

/// <summary>A checkpoint of which only names and shapes exist; its numbers are zeros.</summary>
internal sealed class ListedCheckpoint(Dictionary<string, CheckpointTensor> tensors) : Checkpoint
{
    public override string Path => "/listed.pth";

    public override IReadOnlyDictionary<string, CheckpointTensor> Tensors => tensors;

    /// <summary>Reads lines of name, tab, shape, tab, type.</summary>
    public static ListedCheckpoint Read(string fixture) => new(File.ReadLines(ModelFixture.Path(fixture)).Select(line => line.Split('\t'))
        .Select(words => Tensor(words[0], [.. words[1].Trim('(', ')').Split(',', StringSplitOptions.RemoveEmptyEntries).Select(n => long.Parse(n, NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture))]))
        .ToDictionary(tensor => tensor.Name));

    /// <summary>Another checkpoint's names and shapes, with changes.</summary>
    public static ListedCheckpoint Of(Checkpoint other, Action<Dictionary<string, CheckpointTensor>> change)
    {
        var copy = new Dictionary<string, CheckpointTensor>(other.Tensors);
        change(copy);
        return new(copy);
    }

    public static CheckpointTensor Tensor(string name, params long[] shape)
    {
        var tensor = new CheckpointTensor(name, TensorElementType.Float32, shape, 0, 0);
        return tensor with { ByteLength = 4 * tensor.Count };
    }

    public override void Read(CheckpointTensor tensor, long first, Span<float> values) => values.Clear();

    public override void Dispose()
    {
    }
}
