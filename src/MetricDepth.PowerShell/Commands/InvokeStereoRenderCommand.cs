using System.Management.Automation;
using MetricDepth.Depth;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Renders a stereo video from a depth video and its colour video.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "StereoRender", SupportsShouldProcess = true, DefaultParameterSetName = DepthVideoSet)]
[OutputType(typeof(StereoVideo))]
public sealed class InvokeStereoRenderCommand : RenderCommand<StereoRenderOptions, StereoVideo>
{
    /// <summary>How the two eyes lie in the picture.</summary>
    [Parameter]
    public StereoLayout Layout { get; set; } = StereoLayout.SideBySide;

    /// <summary>Side of an eye's square in the 180° layouts, px.</summary>
    [Parameter]
    [ValidateRange(16, 16384)]
    public int? EyeSize { get; set; }

    /// <summary>Depth that Touchly's layouts show as farthest, metres.</summary>
    [Parameter]
    [ValidateRange(0.01, 100000.0)]
    public double? TouchlyMaxDepth { get; set; }

    /// <summary>Depth that Touchly's layouts show as nearest, metres.</summary>
    [Parameter]
    [ValidateRange(0.0, 100000.0)]
    public double? TouchlyMinDepth { get; set; }

    /// <summary>Distance between the eyes, mm.</summary>
    [Parameter]
    [ValidateRange(0.1, 10000.0)]
    public double PupillaryDistance { get; set; } = 63;

    /// <summary>Depth that appears at the screen: metres or Auto.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ConvergenceCompleter))]
    public ConvergenceDistance? ConvergenceDistance { get; set; }

    /// <summary>JSON file with the horizontal field of view of each frame.</summary>
    [Parameter]
    [Alias("XFovFile")]
    [ValidateNotNullOrEmpty]
    public string? FieldOfViewPath { get; set; }

    /// <summary>Write a mask video of what nothing covers.</summary>
    [Parameter]
    public SwitchParameter InfillMask { get; set; }

    /// <summary>Let the viewer go along with the camera.</summary>
    [Parameter]
    public SwitchParameter FollowCamera { get; set; }

    /// <summary>Mask video, white where the foreground is.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MaskPath { get; set; }

    /// <summary>What is further than this is background, metres.</summary>
    [Parameter]
    [ValidateRange(0.001, 100000.0)]
    public double? BackgroundDepth { get; set; }

    /// <summary>A background saved before.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BackgroundPath { get; set; }

    /// <summary>Keep the collected background as a file.</summary>
    [Parameter]
    public SwitchParameter SaveBackground { get; set; }

    /// <inheritdoc/>
    protected override void ProcessPath(string path)
    {
        // Both videos are opened at once; a depth video that names another colour video finds that one later.
        if ((ResolveOptional(ColorPath) ?? OutputName.ColorVideo(path)) is { } color) VideoProbe.Expect(color, Cancellation);
        base.ProcessPath(path);
    }

    /// <inheritdoc/>
    protected override void ProcessDepth(DepthVideo depth)
    {
        string? color = ResolveOptional(ColorPath);
        string destination = ClaimDestination(OutputName.StereoVideo(depth.Path, Layout),
            depth.Path, color ?? depth.ColorPath);
        if (InfillMask) OutputName.ThrowIfUnusable(OutputName.InfillMask(destination), Force);
        if (SaveBackground) OutputName.ThrowIfUnusable(OutputName.Background(depth.Path, destination), Force);
        if (DepthOutput) OutputName.ThrowIfUnusable(OutputName.DepthVideo(destination), Force);
        if (!ShouldWrite(destination, $"Render stereo from '{depth.Path}'")) return;
        Execute(new StereoRenderOptions
        {
            Depth = depth,
            ColorPath = color,
            DestinationPath = destination,
            Overwrite = Force,
            Layout = Layout,
            EyeSize = EyeSize,
            TouchlyMaxDepth = TouchlyMaxDepth,
            TouchlyMinDepth = TouchlyMinDepth,
            PupillaryDistance = PupillaryDistance,
            ConvergenceDistance = ConvergenceDistance,
            HorizontalFov = HorizontalFov,
            VerticalFov = VerticalFov,
            FieldOfViewPath = ResolveOptional(FieldOfViewPath),
            DepthOutput = DepthOutput,
            InfillMask = InfillMask,
            HoleFill = HoleFill,
            RemoveEdges = RemoveEdges,
            Codec = ChosenCodec(),
            PrefersHardware = HardwareEncoder,
            RateFactor = ConstantRateFactor,
            CameraPath = ResolveOptional(CameraPath),
            LockFrame = LockFrame,
            FollowCamera = FollowCamera,
            MaskPath = ResolveOptional(MaskPath),
            BackgroundDepth = BackgroundDepth,
            BackgroundPath = ResolveOptional(BackgroundPath),
            SaveBackground = SaveBackground,
            MinConfidence = MinConfidence,
            MaxFrames = MaxFrames,
        }, depth);
    }

    /// <inheritdoc/>
    protected override void Run(
        StereoRenderOptions options, Action<StereoVideo> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        emit(StereoRender.Run(options, progress, cancellation));
}
