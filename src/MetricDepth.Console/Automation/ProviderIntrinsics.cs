#nullable disable
using System.Collections.ObjectModel;
using System.IO;

namespace System.Management.Automation;

/// <summary>What providers do for cmdlets: here, files and folders as objects.</summary>
public sealed class ProviderIntrinsics
{
    public ItemCmdletProviderIntrinsics Item { get; } = new();
}

public sealed class ItemCmdletProviderIntrinsics
{
    internal ItemCmdletProviderIntrinsics()
    {
    }

    public Collection<PSObject> Get(string[] path, bool force, bool literalPath) =>
        [.. path.Select(p => new PSObject(Directory.Exists(p) ? new DirectoryInfo(p) : new FileInfo(p)))];
}
