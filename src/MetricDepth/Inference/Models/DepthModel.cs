namespace MetricDepth.Inference.Models;

/// <summary>Whether a model can be used.</summary>
public enum ModelState
{
    /// <summary>It can be installed.</summary>
    Available,
    /// <summary>Its download was interrupted; installing it fetches the rest.</summary>
    Partial,
    /// <summary>It is installed.</summary>
    Installed,
    /// <summary>It was installed, but its folder is not as it was left.</summary>
    Damaged,
}

/// <summary>A model that is installed or can be: what <c>Get-DepthModel</c> shows.</summary>
public sealed record DepthModel
{
    /// <summary>What users call it.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it can be used.</summary>
    public required ModelState State { get; init; }

    /// <summary>What it does; null if its receipt cannot be read.</summary>
    public ModelTask? Task { get; init; }

    /// <summary>Its network; null if its receipt cannot be read.</summary>
    public ModelFamily? Family { get; init; }

    /// <summary><c>Small</c>, <c>Base</c>, <c>Large</c>, or empty.</summary>
    public string Size { get; init; } = "";

    /// <summary>What its output means.</summary>
    public OutputMeaning? Output { get; init; }

    /// <summary>Whether its output is in metres (or 1/metres).</summary>
    public bool IsMetric { get; init; }

    /// <summary>The depth that its largest output stands for, metres; null where it has none.</summary>
    public double? MaxDepth { get; init; }

    /// <summary>SPDX name of the weights' licence.</summary>
    public string License { get; init; } = "";

    /// <summary>Whether the licence forbids commercial use.</summary>
    public bool NonCommercial { get; init; }

    /// <summary>The file's size, bytes; null if unknown.</summary>
    public long? Bytes { get; init; }

    /// <summary>Where it comes from; null for a file of the user's own.</summary>
    public Uri? Source { get; init; }

    /// <summary>Full path of its file; null if it is not installed.</summary>
    public string? Path { get; init; }

    /// <summary>The hash that it had when it was installed, or that the catalog knows; null for neither.</summary>
    public string? Sha256 { get; init; }

    /// <summary>When it was installed.</summary>
    public DateTimeOffset? InstalledOn { get; init; }

    /// <summary>Whether the file still has its hash; null if that was not looked at.</summary>
    public bool? IsVerified { get; init; }

    /// <summary>What is wrong with it; null if nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>A sentence for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>Whether it is installed.</summary>
    public bool IsInstalled => State == ModelState.Installed;

    /// <summary>Where in the store it is, or would be if its download had ended; null if nothing of it is there.</summary>
    internal string? Folder { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal static DepthModel Of(ModelInfo info, ModelState state) => new()
    {
        Name = info.Name,
        State = state,
        Task = info.Task,
        Family = info.Family,
        Size = info.Size,
        Output = info.Output,
        IsMetric = info.IsMetric,
        MaxDepth = info.MaxDepth,
        License = info.License,
        NonCommercial = info.NonCommercial,
        Bytes = info.Bytes,
        Source = info.Source,
        Sha256 = info.Sha256,
        Description = info.Description,
    };

    internal static DepthModel Of(InstalledModel model) => Of(model.Info, ModelState.Installed) with
    {
        Path = model.Path,
        Sha256 = model.Sha256,
        InstalledOn = model.Installed,
        Folder = System.IO.Path.GetDirectoryName(model.Path),
    };
}
