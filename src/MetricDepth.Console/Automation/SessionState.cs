#nullable disable
using System.Collections.ObjectModel;

namespace System.Management.Automation;

/// <summary>Where a pipeline runs: a folder. There are no drives but the file system.</summary>
public sealed class SessionState
{
    internal SessionState(string directory) => Path = new PathIntrinsics(directory);
    public PathIntrinsics Path { get; }
}

public sealed class ProviderInfo
{
    internal static readonly ProviderInfo FileSystem = new();
    public string Name => "FileSystem";
}

public sealed class PathInfo
{
    internal PathInfo(string path) => Path = path;
    public string Path { get; }
    public string ProviderPath => Path;
    public ProviderInfo Provider => ProviderInfo.FileSystem;
    public override string ToString() => Path;
}

public sealed class PathIntrinsics
{
    private const string FileSystemPrefix = "FileSystem::";

    internal PathIntrinsics(string directory) => CurrentFileSystemLocation = new PathInfo(IO.Path.GetFullPath(directory));

    public PathInfo CurrentFileSystemLocation { get; }
    public PathInfo CurrentLocation => CurrentFileSystemLocation;

    public string GetUnresolvedProviderPathFromPSPath(string path)
    {
        int prefix = path.IndexOf(FileSystemPrefix, StringComparison.OrdinalIgnoreCase);
        if (prefix >= 0) path = path[(prefix + FileSystemPrefix.Length)..];
        if (path is "~" || path.StartsWith("~/", StringComparison.Ordinal) || path.StartsWith("~\\", StringComparison.Ordinal))
            path = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..];
        string full = IO.Path.GetFullPath(path, CurrentFileSystemLocation.Path);
        return full.Length > 1 && !path.EndsWith(':') ? IO.Path.TrimEndingDirectorySeparator(full) : full;
    }

    /// <summary>The paths a wildcard stands for; a path without wildcards must exist.</summary>
    public Collection<string> GetResolvedProviderPathFromPSPath(string path, out ProviderInfo provider)
    {
        provider = ProviderInfo.FileSystem;
        string full = GetUnresolvedProviderPathFromPSPath(path);
        if (!WildcardPattern.ContainsWildcardCharacters(path))
        {
            full = WildcardPattern.Unescape(full);
            if (IO.Path.Exists(full)) return [full];
            throw new ItemNotFoundException($"Cannot find path '{full}' because it does not exist.")
            { Id = "PathNotFound", Category = ErrorCategory.ObjectNotFound, Target = path };
        }
        string root = IO.Path.GetPathRoot(full);
        IEnumerable<string> found = [root];
        foreach (string part in full[root.Length..].Split(IO.Path.DirectorySeparatorChar))
            found = WildcardPattern.ContainsWildcardCharacters(part)
                ? found.SelectMany(folder => Children(folder, part))
                : found.Select(folder => IO.Path.Combine(folder, WildcardPattern.Unescape(part))).Where(IO.Path.Exists);
        return [.. found];
    }

    private static IEnumerable<string> Children(string folder, string pattern)
    {
        if (!Directory.Exists(folder)) return [];
        var wildcard = new WildcardPattern(pattern, WildcardOptions.IgnoreCase);
        var options = new EnumerationOptions { AttributesToSkip = pattern.StartsWith('.') ? FileAttributes.None : FileAttributes.Hidden };
        return Directory.EnumerateFileSystemEntries(folder, "*", options)
            .Where(entry => wildcard.IsMatch(IO.Path.GetFileName(entry))).Order(StringComparer.OrdinalIgnoreCase);
    }
}
