using System.Management.Automation;
using MetricDepth.Inference.Models;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Removes installed depth models.</summary>
[Cmdlet(VerbsLifecycle.Uninstall, "DepthModel", SupportsShouldProcess = true)]
public sealed class UninstallDepthModelCommand : OperationCommand<string, DepthModel>
{
    /// <summary>Names; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(InstalledModelCompleter))]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
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
}
