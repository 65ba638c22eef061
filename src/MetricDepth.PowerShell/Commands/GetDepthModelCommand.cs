using System.Management.Automation;
using MetricDepth.Inference.Models;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Lists depth models: those that are installed and those that can be.</summary>
[Cmdlet(VerbsCommon.Get, "DepthModel")]
[OutputType(typeof(DepthModel))]
public sealed class GetDepthModelCommand : OperationCommand<DepthModel, DepthModel>
{
    /// <summary>Names; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CatalogModelCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only those that are installed.</summary>
    [Parameter]
    public SwitchParameter Installed { get; set; }

    /// <summary>Compute the hashes of installed models again.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Name)
            Guard(name, () =>
            {
                foreach (var model in ModelNames.Resolve(ModelStore.Open(), name))
                {
                    if (Cancellation.IsCancellationRequested) return;
                    if (Installed && model.State is not (ModelState.Installed or ModelState.Damaged)) continue;
                    if (Verify && model.IsInstalled) Execute(model, model.Name);
                    else Emit(model);
                }
            });
    }

    /// <inheritdoc/>
    protected override void Run(DepthModel options, Action<DepthModel> emit, IProgress<FrameProgress> progress, CancellationToken cancellation)
    {
        var verified = ModelListing.Verify(options, progress, cancellation);
        emit(verified);
        if (verified.Problem is { } problem) throw new MetricDepthException("ModelHashMismatch", FailureKind.InvalidData, problem);
    }

    private void Emit(DepthModel model)
    {
        WriteObject(model);
        if (model.State == ModelState.Damaged && model.Problem is { } problem) WriteWarning(problem);
    }
}
