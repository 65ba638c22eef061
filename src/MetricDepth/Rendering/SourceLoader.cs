using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering.Filling;

namespace MetricDepth.Rendering;

/// <summary>Makes what renderers draw from out of a decoded pair of frames. One instance per worker.</summary>
internal sealed class SourceLoader
{
    private readonly InverseDepthRows _rows;
    private DepthCompletion? _completion;
    private readonly EdgeMatting _matting;

    /// <summary>Makes the scratch picture.</summary>
    /// <param name="depth">Size and range of the depth video.</param>
    /// <param name="width">Width of the colour picture, px.</param>
    /// <param name="height">Height of the colour picture, px.</param>
    public SourceLoader(DepthVideo depth, int width, int height)
    {
        _rows = new(depth, width, height);
        _matting = new(width, height);
        Source = new(width, height);
    }

    /// <summary>The frame loaded last.</summary>
    public SourceImage Source { get; }

    /// <summary>Loads a frame: inverse depth at the size of the colour, and where its surface is torn.</summary>
    /// <param name="codes">The depth frame, BGR0 codes.</param>
    /// <param name="color">The colour frame, BGR0; where foreground and background are mixed in it, they are told apart.</param>
    /// <param name="camera">The source camera, at the size of the colour picture.</param>
    /// <param name="edges">What is done at depth edges.</param>
    public void Load(ReadOnlySpan<uint> codes, uint[] color, Intrinsics camera, EdgeTreatment edges)
    {
        Source.Color = color;
        _rows.BeginFrame();
        bool isComplete = true;
        for (int y = 0; y < Source.Height; y++)
        {
            var row = Source.InverseDepth.AsSpan(y * Source.Width, Source.Width);
            _rows.Read(codes, y, row);
            isComplete = isComplete && !DepthCompletion.IsNeeded(row);
        }
        if (edges.Fill == HoleFill.Background && !isComplete) (_completion ??= new(Source.Width, Source.Height)).Complete(Source);
        edges.Apply(Source, camera, _matting);
    }
}
