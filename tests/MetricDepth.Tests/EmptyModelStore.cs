using System.Runtime.CompilerServices;
using MetricDepth.Inference.Models;

namespace MetricDepth.Tests;

/// <summary>No test sees the models that whoever runs it has installed: which of them is used by default would change results.</summary>
internal static class EmptyModelStore
{
    [ModuleInitializer]
    internal static void Pin()
    {
        string folder = Directory.CreateTempSubdirectory("metricdepth-no-models-").FullName;
        Environment.SetEnvironmentVariable(ModelStore.FolderVariable, folder);
        Environment.SetEnvironmentVariable(ModelCatalog.PathVariable, null);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }
}
