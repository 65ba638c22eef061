using System.Management.Automation;
using MetricDepth.Estimation;
using MetricDepth.Inference;
using MetricDepth.Inference.Models;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Installs depth models, or what runs them on a GPU: downloads them, or takes files at hand.</summary>
[Cmdlet(VerbsLifecycle.Install, "DepthModel", SupportsShouldProcess = true, DefaultParameterSetName = CatalogSet)]
[OutputType(typeof(DepthModel), typeof(InstalledRuntime))]
public sealed class InstallDepthModelCommand : OperationCommand<Func<IProgress<FrameProgress>, CancellationToken, object>, object>
{
    private const string CatalogSet = "Catalog";
    private const string FileSet = "File";
    private const string RuntimeSet = "Runtime";
    private const string Cuda = "Cuda";
    private const string OnnxExtension = ".onnx";

    /// <summary>Names; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = CatalogSet)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = FileSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CatalogModelCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>What runs networks on a device: Cuda.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RuntimeSet)]
    [ValidateSet(Cuda)]
    public string? Runtime { get; set; }

    /// <summary>The model's file, or the runtime's archive.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FileSet)]
    [Parameter(ParameterSetName = RuntimeSet)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The network of a file under a name of its own.</summary>
    [Parameter(ParameterSetName = FileSet)]
    public ModelFamily? Family { get; set; }

    /// <summary>What the output of a file under a name of its own means.</summary>
    [Parameter(ParameterSetName = FileSet)]
    public OutputMeaning? Output { get; set; }

    /// <summary>The output of a file under a name of its own is in metres.</summary>
    [Parameter(ParameterSetName = FileSet)]
    public SwitchParameter Metric { get; set; }

    /// <summary>The depth that the largest output stands for, metres.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [ValidateRange(0.1, 100000.0)]
    public double? MaxDepth { get; set; }

    /// <summary>Attention heads of the transformer, where there is not one to 64 channels.</summary>
    [Parameter(ParameterSetName = FileSet)]
    [ValidateRange(1, 1024)]
    public int? Heads { get; set; }

    /// <summary>Accept a licence that forbids commercial use.</summary>
    [Parameter(ParameterSetName = CatalogSet)]
    [Parameter(ParameterSetName = FileSet)]
    public SwitchParameter AcceptLicense { get; set; }

    /// <summary>Download over http without TLS, too.</summary>
    [Parameter(ParameterSetName = CatalogSet)]
    public SwitchParameter AllowHttp { get; set; }

    /// <summary>Replace what is installed.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == RuntimeSet)
        {
            Guard(Runtime!, InstallRuntime);
            return;
        }
        foreach (string name in Name)
            Guard(name, () =>
            {
                var store = ModelStore.Open();
                if (ParameterSetName == FileSet) Install(store, FileModel(store, name), ResolveFile(Path!));
                else
                    foreach (var model in ModelNames.Resolve(store, name)) InstallCataloged(store, model, WildcardPattern.ContainsWildcardCharacters(name));
            });
    }

    /// <inheritdoc/>
    protected override void Run(
        Func<IProgress<FrameProgress>, CancellationToken, object> options, Action<object> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        emit(options(progress, cancellation));

    private void InstallRuntime()
    {
        var options = new RuntimeInstallationOptions
        {
            StoreFolder = ModelStore.Open().Folder,
            Path = Path is null ? null : ResolveFile(Path),
            Force = Force,
        };
        string action = options.Path is { } path ? $"Install '{path}'" : $"Download {CudaRuntime.Source} (MIT)";
        if (ShouldProcess($"ONNX Runtime {CudaRuntime.Version} for CUDA {CudaRuntime.CudaVersion}", action))
            Execute((progress, cancellation) => RuntimeInstallation.Run(options, progress, cancellation), Cuda);
    }

    private void InstallCataloged(ModelStore store, DepthModel listed, bool wild)
    {
        var model = store.Catalog.Find(listed.Name);
        if (wild && model?.Source is null) return; // a wildcard means what can be downloaded
        if (model is null)
            throw new MetricDepthException("ModelHasNoSource", FailureKind.InvalidArgument,
                $"'{listed.Name}' is a file of your own. Give it again with -Path to install it again.");
        Guard(model.Name, () => Install(store, model, null));
    }

    private void Install(ModelStore store, ModelInfo model, string? path)
    {
        if (Cancellation.IsCancellationRequested) return;
        var options = new ModelInstallationOptions
        {
            Store = store,
            Model = model,
            Path = path,
            AcceptLicense = AcceptLicense,
            AllowHttp = AllowHttp,
            Force = Force,
            Check = ModelFileCheck.Run,
        };
        if (!ShouldProcess(model.Name, ModelInstallation.Describe(options))) return;
        Execute((progress, cancellation) => ModelListing.Get(store, ModelInstallation.Run(options, progress, cancellation).Info.Name), model.Name);
    }

    // the facts of a name in the catalog stand there; those of another name the user gives
    private ModelInfo FileModel(ModelStore store, string name)
    {
        bool described = Family is not null || Output is not null || Metric || MaxDepth is not null || Heads is not null;
        if (store.Catalog.Find(name) is { } known)
            return !described ? known : throw new MetricDepthException("ModelIsCataloged", FailureKind.InvalidArgument,
                $"What '{known.Name}' is stands in the catalog. Leave out -Family, -Output, -Metric, -MaxDepth and -Heads, or install the file under a name of its own.");
        string file = ResolveFile(Path!);
        ModelInstallation.RequireFile(file); // before anything is asked about what it holds
        bool isCheckpoint = !file.EndsWith(OnnxExtension, StringComparison.OrdinalIgnoreCase);
        return CustomModel.Describe(name, file, new()
        {
            Family = Family ?? (isCheckpoint ? ModelFileCheck.FamilyOf(file) : null),
            Output = Output,
            IsMetric = MyInvocation.BoundParameters.ContainsKey(nameof(Metric)) ? Metric.IsPresent : null,
            MaxDepth = MaxDepth,
            Heads = Heads,
        });
    }

    private string ResolveFile(string path)
    {
        string full = System.IO.Path.GetFullPath(path, SessionState.Path.CurrentFileSystemLocation.ProviderPath);
        return System.IO.Path.Exists(full) ? full : GetUnresolvedProviderPathFromPSPath(path);
    }
}
