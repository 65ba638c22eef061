using MetricDepth.Imaging;
using MetricDepth.Inference;

namespace MetricDepth.Estimation.ImageDepth;

/// <summary>
/// A network that takes one picture and gives one map. Its three steps can go on at the same time for three frames: <see cref="Fill"/> and
/// <see cref="Resize"/> by any number of threads, <see cref="Infer"/> by one.
/// </summary>
internal interface IImageNetwork : IDisposable
{
    /// <summary>For the depth video's tag.</summary>
    string Name { get; }

    /// <summary>What runs it, and why.</summary>
    DeviceChoice Device { get; }

    /// <summary>What the map's numbers mean.</summary>
    OutputMeaning Meaning { get; }

    /// <summary>Whether they are metres or 1/metres, not only right up to a factor.</summary>
    bool IsMetric { get; }

    /// <summary>Why the two above are believed, for messages: "its output is called 'disparity'".</summary>
    string Because { get; }

    /// <summary>Gets ready for the frames of a job.</summary>
    /// <exception cref="MetricDepthException">The network does not take such pictures.</exception>
    void Prepare(EstimationJob job);

    /// <summary>The size in which it wants frames, px; after <see cref="Prepare"/>.</summary>
    (int Width, int Height) FrameSize { get; }

    /// <summary>The size in which the network sees them, px; after <see cref="Prepare"/>.</summary>
    (int Width, int Height) InputSize { get; }

    /// <summary>Numbers that a frame becomes.</summary>
    int InputLength { get; }

    /// <summary>Makes the network's input of a frame.</summary>
    /// <param name="frame">BGR0, of <see cref="FrameSize"/>.</param>
    /// <param name="input">Receives <see cref="InputLength"/> numbers.</param>
    void Fill(Plane<uint> frame, Span<float> input);

    /// <summary>Runs the network.</summary>
    void Infer(Memory<float> input, NetworkMap map, CancellationToken cancellation);

    /// <summary>Brings a map to the size of <paramref name="depth"/>, each number taken through <paramref name="law"/>.</summary>
    void Resize<TLaw>(NetworkMap map, Plane<float> depth, TLaw law) where TLaw : struct, IDepthLaw;
}
