using System.Globalization;
using System.Management.Automation;
using MetricDepth.Estimation.ModelExport;
using MetricDepth.Inference;
using MetricDepth.Inference.Models;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Writes depth models as ONNX files for use elsewhere.</summary>
[Cmdlet(VerbsData.Export, "DepthModel", SupportsShouldProcess = true, DefaultParameterSetName = NameSet)]
[OutputType(typeof(FileInfo))]
public sealed class ExportDepthModelCommand : OperationCommand<DepthModelExportOptions, FileInfo>
{
    private const string NameSet = "Name";
    private const string FileSet = "File";

    private readonly HashSet<string> _written = new(OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of installed models.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(InstalledModelCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>A checkpoint that is not installed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>What the output of the checkpoint means.</summary>
    [Parameter(ParameterSetName = FileSet)]
    public OutputMeaning? OutputMeaning { get; set; }

    /// <summary>The depth that the largest output of the checkpoint stands for, metres.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [ValidateRange(0.1, 100000.0)]
    public double? MaxDepth { get; set; }

    /// <summary>Attention heads of the transformer, where there is not one to 64 channels.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [ValidateRange(1, 1024)]
    public int? Heads { get; set; }

    /// <summary>The file or folder to write to.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

    /// <summary>Width that the network takes, px.</summary>
    [Parameter]
    [ValidateRange(14, 16384)]
    public int? Width { get; set; }

    /// <summary>Height that the network takes, px.</summary>
    [Parameter]
    [ValidateRange(14, 16384)]
    public int? Height { get; set; }

    /// <summary>The shorter side of what the network takes, px.</summary>
    [Parameter]
    [ValidateRange(14, 4096)]
    [ArgumentCompleter(typeof(InputSizeCompleter))]
    public int? InputSize { get; set; }

    /// <summary>Width over height of the pictures, for example 16:9.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AspectRatioCompleter))]
    public string? AspectRatio { get; set; }

    /// <summary>A clip of the shape of the pictures.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ClipPath { get; set; }

    /// <summary>What the network calculates with.</summary>
    [Parameter]
    [ValidateSet("Float32", "Float16")]
    public string Precision { get; set; } = nameof(InferencePrecision.Float32);

    /// <summary>One file, or encoder, temporal head and decoder.</summary>
    [Parameter]
    public GraphLayout Layout { get; set; }

    /// <summary>Replace existing files.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == FileSet)
            Guard(Path!, () => Export(DepthModelExport.Describe(Resolve(Path!), new() { Output = OutputMeaning, MaxDepth = MaxDepth, Heads = Heads })));
        else
            foreach (string name in Name)
            {
                if (Cancellation.IsCancellationRequested) return;
                Guard(name, () => Export(ModelStore.Open().Find(name)));
            }
    }

    /// <inheritdoc/>
    protected override void Run(DepthModelExportOptions options, Action<FileInfo> emit, IProgress<FrameProgress> progress, CancellationToken cancellation)
    {
        foreach (var file in DepthModelExport.Run(options, progress, cancellation)) emit(file);
    }

    /// <summary>As <c>Get-Item</c> gives it: only then does PowerShell know its size and PSPath.</summary>
    protected override object ToPipeline(FileInfo result) => ItemOf(result);

    private void Export(InstalledModel model)
    {
        var shape = new InputShape
        {
            Width = Width,
            Height = Height,
            InputSize = InputSize,
            AspectRatio = AspectRatio is null ? null : InputShape.ParseRatio(AspectRatio),
            ClipPath = ClipPath is null ? null : Resolve(ClipPath),
        };
        var (width, height) = shape.Resolve(model.Info.Family, Cancellation);
        var precision = Enum.Parse<InferencePrecision>(Precision);
        string folder = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        var options = new DepthModelExportOptions
        {
            Model = model,
            MeaningIsTold = OutputMeaning is not null || MaxDepth is not null,
            DestinationPath = Destination(System.IO.Path.Combine(folder, DepthModelExport.DefaultName(model, width, height, precision))),
            Overwrite = Force,
            Width = width,
            Height = height,
            Precision = precision,
            Layout = Layout,
        };
        var files = DepthModelExport.Files(options);
        if (files.FirstOrDefault(file => !_written.Add(file)) is { } taken)
            throw new MetricDepthException("DestinationTaken", FailureKind.AlreadyExists,
                $"'{taken}' holds another model of this command. With several models give a folder as -DestinationPath.");
        if (!ShouldProcess(string.Join(", ", files), string.Create(CultureInfo.InvariantCulture, $"Export {model.Info.Name} for pictures of {width}×{height} pixels"))) return;
        if (DestinationPath is not null && System.IO.Path.EndsInDirectorySeparator(DestinationPath)) Directory.CreateDirectory(System.IO.Path.GetDirectoryName(files[0])!);
        Execute(options, model.Info.Name);
    }

    private string Destination(string usual)
    {
        if (DestinationPath is null) return usual;
        // resolving may drop the separator that says "a folder"
        string resolved = Resolve(DestinationPath);
        return OutputName.Resolve(System.IO.Path.EndsInDirectorySeparator(DestinationPath) ? System.IO.Path.TrimEndingDirectorySeparator(resolved) + System.IO.Path.DirectorySeparatorChar : resolved, usual);
    }

    // a file of exactly this name comes first: 'a:b.pth' is a good name outside Windows, but PowerShell would look for a drive 'a'
    private string Resolve(string path)
    {
        string full = System.IO.Path.GetFullPath(path, SessionState.Path.CurrentFileSystemLocation.ProviderPath);
        return File.Exists(full) || Directory.Exists(full) ? full : GetUnresolvedProviderPathFromPSPath(path);
    }
}
