using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace MetricDepth.Loader;

/// <summary>
/// Loads the module and what it depends on in a context of its own, so that another module that brings another version of the
/// same library, and PowerShell itself, are not disturbed. What is not ours (PowerShell, the runtime) comes from the default context.
/// </summary>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly Lock s_gate = new();
    private static Assembly? s_module;

    private readonly AssemblyDependencyResolver _resolver;
    private readonly string _folder;

    private ModuleLoadContext(string modulePath)
        : base("MetricDepth")
    {
        _resolver = new AssemblyDependencyResolver(modulePath);
        _folder = Path.GetDirectoryName(modulePath)!;
    }

    /// <summary>The module's assembly; loaded once per process, however often the module is imported.</summary>
    /// <param name="modulePath">Full path of MetricDepth.PowerShell.dll.</param>
    public static Assembly LoadModule(string modulePath)
    {
        lock (s_gate)
            return s_module ??= new ModuleLoadContext(modulePath).LoadFromAssemblyPath(modulePath);
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        string? path = _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) ?? Candidates(unmanagedDllName).FirstOrDefault(File.Exists);
        return path is null ? 0 : LoadUnmanagedDllFromPath(path);
    }

    private IEnumerable<string> Candidates(string name)
    {
        string extension = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        string file = Path.GetFileNameWithoutExtension(name) + extension;
        foreach (string folder in new[] { Path.Combine(_folder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"), _folder })
        {
            yield return Path.Combine(folder, file);
            yield return Path.Combine(folder, "lib" + file);
        }
    }
}
