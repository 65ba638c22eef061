using System.Management.Automation;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.PowerShell;

/// <summary>A command that makes pictures for people to look at from depth videos and their colour videos.</summary>
/// <typeparam name="TOptions">What the operation is asked to do.</typeparam>
/// <typeparam name="TResult">What comes out of the pipeline.</typeparam>
public abstract class RenderCommand<TOptions, TResult> : DepthVideoCommand<TOptions, TResult>
{
    /// <summary>The colour video.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ColorPath { get; set; }

    /// <summary>How the camera that took the clip moved, as a camera path file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CameraPath { get; set; }

    /// <summary>The frame of the camera path from where the viewer looks.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? LockFrame { get; set; }

    /// <summary>What the picture shows where the camera saw nothing.</summary>
    [Parameter]
    public HoleFill HoleFill { get; set; } = HoleFill.Background;

    /// <summary>Take surface steeper than 85° to the view ray for a depth edge.</summary>
    [Parameter]
    public SwitchParameter RemoveEdges { get; set; }

    /// <summary>Take depth of less confidence for not known.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    [ArgumentCompleter(typeof(MinConfidenceCompleter))]
    public double? MinConfidence { get; set; }

    /// <summary>How pixels are stored.</summary>
    [Parameter]
    public VideoCodec Codec { get; set; } = VideoCodec.Lossless;

    /// <summary>H.264, as the Python toolbox's --compressed: the same as -Codec H264.</summary>
    [Parameter]
    public SwitchParameter Compressed { get; set; }

    /// <summary>Prefer an encoder in hardware.</summary>
    [Parameter]
    public SwitchParameter HardwareEncoder { get; set; }

    /// <summary>How much is thrown away: 0 nothing visible at all, 51 nearly everything.</summary>
    [Parameter]
    [Alias("Crf")]
    [ValidateRange(0.0, 51.0)]
    [ArgumentCompleter(typeof(RateFactorCompleter))]
    public double? ConstantRateFactor { get; set; }

    /// <summary>Write the depth of the picture as a depth video, too.</summary>
    [Parameter]
    public SwitchParameter DepthOutput { get; set; }

    /// <summary>Stop after so many frames.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? MaxFrames { get; set; }

    /// <summary>The codec that -Codec and -Compressed mean together.</summary>
    /// <exception cref="MetricDepthException">They contradict each other.</exception>
    protected VideoCodec ChosenCodec()
    {
        if (!Compressed) return Codec;
        if (MyInvocation.BoundParameters.ContainsKey(nameof(Codec)) && Codec != VideoCodec.H264)
            throw new MetricDepthException("CodecContradiction", FailureKind.InvalidArgument,
                $"-Compressed means -Codec H264, and -Codec {Codec} was given too. Leave one of them out.");
        return VideoCodec.H264;
    }
}
