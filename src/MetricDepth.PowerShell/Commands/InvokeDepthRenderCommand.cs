using System.Management.Automation;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Rendering;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Renders a depth video and its colour video from another viewpoint.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DepthRender", SupportsShouldProcess = true, DefaultParameterSetName = DepthVideoSet)]
[OutputType(typeof(ViewVideo), typeof(FileInfo))]
public sealed class InvokeDepthRenderCommand : RenderCommand<ViewRenderOptions, object>
{
    /// <summary>Where the virtual camera is: metres right, down, ahead.</summary>
    [Parameter]
    [ValidateCount(3, 3)]
    public double[]? Position { get; set; }

    /// <summary>What it looks at: metres right, down, ahead.</summary>
    [Parameter]
    [ValidateCount(3, 3)]
    public double[]? Target { get; set; }

    /// <summary>How it moves.</summary>
    [Parameter]
    public ViewMotion? Motion { get; set; }

    /// <summary>How far it moves: degrees for an orbit, metres otherwise.</summary>
    [Parameter]
    [ValidateRange(0.0001, 100000.0)]
    public double? Amplitude { get; set; }

    /// <summary>How long a loop of the motion takes, seconds.</summary>
    [Parameter]
    [ValidateRange(0.01, 100000.0)]
    public double? Period { get; set; }

    /// <summary>The path of the virtual camera.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ViewPath { get; set; }

    /// <summary>Horizontal field of view of the virtual camera, degrees.</summary>
    [Parameter]
    [ValidateRange(1.0, 179.0)]
    [ArgumentCompleter(typeof(FieldOfViewCompleter))]
    public double? ViewFov { get; set; }

    /// <summary>Width of the picture, px.</summary>
    [Parameter]
    [ValidateRange(1, 32768)]
    public int? Width { get; set; }

    /// <summary>Height of the picture, px.</summary>
    [Parameter]
    [ValidateRange(1, 32768)]
    public int? Height { get; set; }

    /// <summary>Samples a pixel in each direction.</summary>
    [Parameter]
    [ValidateRange(1, 4)]
    public int Supersampling { get; set; } = 1;

    /// <summary>What shows where nothing was seen.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ColorCompleter))]
    public RgbColor BackgroundColor { get; set; }

    /// <summary>Draw the camera that took the clip.</summary>
    [Parameter]
    public SwitchParameter ShowCamera { get; set; }

    /// <summary>Frames to render, counted from 0.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateRange(0L, long.MaxValue)]
    public long[]? Frame { get; set; }

    /// <summary>Video or still images.</summary>
    [Parameter]
    public ViewOutput? As { get; set; }

    /// <summary>Length of the video of one frame, seconds.</summary>
    [Parameter]
    [ValidateRange(0.001, 100000.0)]
    public double? Duration { get; set; }

    /// <inheritdoc/>
    protected override void ProcessDepth(DepthVideo depth)
    {
        var options = new ViewRenderOptions
        {
            Depth = depth,
            ColorPath = ResolveOptional(ColorPath),
            Overwrite = Force,
            Position = Point(Position),
            Target = Point(Target),
            Motion = Motion,
            Amplitude = Amplitude,
            Period = Period,
            ViewPath = ResolveOptional(ViewPath),
            CameraPath = ResolveOptional(CameraPath),
            LockFrame = LockFrame,
            HorizontalFov = HorizontalFov,
            VerticalFov = VerticalFov,
            ViewFov = ViewFov,
            Width = Width,
            Height = Height,
            Supersampling = Supersampling,
            BackgroundColor = BackgroundColor,
            ShowCamera = ShowCamera,
            HoleFill = HoleFill,
            RemoveEdges = RemoveEdges,
            Frames = Frame,
            As = As,
            Duration = Duration,
            Codec = ChosenCodec(),
            PrefersHardware = HardwareEncoder,
            RateFactor = ConstantRateFactor,
            DepthOutput = DepthOutput,
            MinConfidence = MinConfidence,
            MaxFrames = MaxFrames,
        };
        string name = options.IsStills ? OutputName.RenderStill(depth.Path, Frame?.Min() ?? 0) : OutputName.RenderVideo(depth.Path);
        string destination = ClaimDestination(name, depth.Path, options.ColorPath ?? depth.ColorPath);
        if (DepthOutput) OutputName.ThrowIfUnusable(OutputName.DepthVideo(destination), Force);
        if (!ShouldWrite(destination, $"Render {(options.IsStills ? "still images" : "a view")} of '{depth.Path}'")) return;
        Execute(options with { DestinationPath = options.IsStills ? PlaceOfStills(destination) : destination }, depth);
    }

    /// <inheritdoc/>
    protected override void Run(
        ViewRenderOptions options, Action<object> emit, IProgress<FrameProgress> progress, CancellationToken cancellation)
    {
        if (options.IsStills) ViewStills.Run(options, emit, progress, cancellation);
        else emit(ViewRender.Run(options, progress, cancellation));
    }

    /// <summary>A file as <c>Get-Item</c> gives it: only then does PowerShell know its size and PSPath.</summary>
    protected override object ToPipeline(object result) =>
        result is FileInfo file ? ItemOf(file) : result;

    // The claimed name is that of the first image; in a folder each has its own.
    private string? PlaceOfStills(string claimed) =>
        DestinationPath is null ? null
        : OutputName.IsFolder(DestinationPath) || OutputName.IsFolder(ResolveOptional(DestinationPath)!) ? System.IO.Path.GetDirectoryName(claimed) + System.IO.Path.DirectorySeparatorChar
        : claimed;

    private static Vector3? Point(double[]? point) => point is [var x, var y, var z] ? new(x, y, z) : null;
}
