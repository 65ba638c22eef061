using System.Management.Automation;
using MetricDepth.Inference;
using MetricDepth.Inference.Models;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Removes installed depth models, or what runs them on a GPU.</summary>
[Cmdlet(VerbsLifecycle.Uninstall, "DepthModel", SupportsShouldProcess = true, DefaultParameterSetName = NameSet)]
[OutputType(typeof(void))]
public sealed class UninstallDepthModelCommand : OperationCommand<string, DepthModel>
{
    private const string NameSet = "Name";
    private const string RuntimeSet = "Runtime";
    private const string Cuda = "Cuda";

    /// <summary>Names; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(InstalledModelCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>What runs networks on a device: Cuda.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RuntimeSet)]
    [ValidateSet(Cuda)]
    public string? Runtime { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == RuntimeSet)
        {
            Guard(Runtime!, RemoveRuntime);
            return;
        }
        foreach (string name in Name)
            Guard(name, () =>
            {
                var store = ModelStore.Open();
                bool wild = WildcardPattern.ContainsWildcardCharacters(name);
                foreach (var model in ModelNames.Resolve(store, name))
                {
                    if (wild && model.State == ModelState.Available) continue;
                    if (ShouldProcess(model.Name, model.Path is { } path ? $"Remove '{path}'" : "Remove what there is of it")) Execute(model.Name, model.Name);
                }
            });
    }

    /// <inheritdoc/>
    protected override void Run(string options, Action<DepthModel> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        ModelRemoval.Run(ModelStore.Open(), options, progress, cancellation);

    private void RemoveRuntime()
    {
        string store = ModelStore.Open().Folder, folder = CudaRuntime.FolderIn(store);
        if (!Directory.Exists(folder))
            throw new MetricDepthException("RuntimeNotInstalled", FailureKind.NotFound, $"The CUDA runtime is not installed in '{store}'. There is nothing to remove.");
        if (ShouldProcess($"ONNX Runtime {CudaRuntime.Version} for CUDA {CudaRuntime.CudaVersion}", $"Remove '{folder}'")) CudaRuntime.Uninstall(store);
    }
}
