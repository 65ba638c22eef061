using System.Management.Automation;
using MetricDepth.Video;

namespace MetricDepth.PowerShell;

/// <summary>A command that makes a video for people to watch from depth videos: how its pixels are stored.</summary>
/// <typeparam name="TOptions">What the operation is asked to do.</typeparam>
/// <typeparam name="TResult">What comes out of the pipeline.</typeparam>
public abstract class EncodingCommand<TOptions, TResult> : DepthVideoCommand<TOptions, TResult>
{
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
