using System.Runtime.InteropServices;
using MetricDepth.Motion.Triangulation;

namespace MetricDepth.Export.Cameras.Writers;

/// <summary>
/// The sightings of each point, from frames that come one after the other: they wait in a scratch file, where each point's list has its place, so
/// that memory does not grow with the clip.
/// </summary>
internal sealed class SightingLists : IDisposable
{
    private const int EntryBytes = 2 * sizeof(int);
    private readonly FileStream _file;
    private readonly long[] _starts;
    private readonly int[] _counts;

    /// <summary>Makes room.</summary>
    /// <param name="points">The points, which say how many sightings they have.</param>
    public SightingLists(IReadOnlyList<TriangulatedPoint> points)
    {
        _starts = new long[points.Count + 1];
        _counts = new int[points.Count];
        for (int i = 0; i < points.Count; i++) _starts[i + 1] = _starts[i] + points[i].Sightings;
        _file = new(Path.Combine(Path.GetTempPath(), "metricdepth-" + Guid.NewGuid().ToString("N")), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 0,
            PreallocationSize = _starts[^1] * EntryBytes,
        });
    }

    /// <summary>Adds a sighting.</summary>
    /// <param name="point">The point.</param>
    /// <param name="image">The picture's number.</param>
    /// <param name="index">Its place in the picture's list.</param>
    public void Add(int point, int image, int index)
    {
        if (_starts[point] + _counts[point] == _starts[point + 1]) throw Changed();
        ReadOnlySpan<int> entry = [image, index];
        RandomAccess.Write(_file.SafeFileHandle, MemoryMarshal.AsBytes(entry), (_starts[point] + _counts[point]++) * EntryBytes);
    }

    /// <summary>All sightings of a point: picture, place, picture, place ...</summary>
    public int[] Of(int point)
    {
        if (_starts[point] + _counts[point] != _starts[point + 1]) throw Changed();
        var entries = new int[2 * _counts[point]];
        RandomAccess.Read(_file.SafeFileHandle, MemoryMarshal.AsBytes(entries.AsSpan()), _starts[point] * EntryBytes);
        return entries;
    }

    public void Dispose() => _file.Dispose();

    private static MetricDepthException Changed() => new("TracksChanged", FailureKind.InvalidData,
        "The tracking file changed while it was read. Wait until nothing writes to it any more, and export again.");
}
