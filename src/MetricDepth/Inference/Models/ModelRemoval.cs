using MetricDepth.Inference.Downloads;

namespace MetricDepth.Inference.Models;

/// <summary>Takes models out of the store.</summary>
public static class ModelRemoval
{
    /// <summary>Removes a model and what is left of a download of it. The pin of its hash stays.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="progress">Is told if another command works on the model.</param>
    /// <param name="cancellation">Ends the wait for that.</param>
    /// <exception cref="MetricDepthException"><c>ModelNotInstalled</c>, <c>ModelUnknown</c>, <c>StoreNotWritable</c>.</exception>
    public static void Run(ModelStore store, string name, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        string folder = ModelListing.Get(store, name).Folder ?? throw NotThere(store, name);
        try
        {
            using var held = StoreLock.Acquire(store.Folder, Path.GetFileName(folder), progress, cancellation);
            if (Directory.Exists(folder))
            {
                File.Delete(Path.Combine(folder, ModelReceipt.FileName)); // half removed is not installed
                Directory.Delete(folder, recursive: true);
            }
            PartialDownload.Open(store.PartialPath(Path.GetFileName(folder))).Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MetricDepthException("StoreNotWritable", FailureKind.Storage,
                $"'{folder}' cannot be removed: {e.Message} Close what uses the model, or allow it.", e);
        }
    }

    private static MetricDepthException NotThere(ModelStore store, string name) =>
        new("ModelNotInstalled", FailureKind.NotFound, $"The model '{store.Catalog.Find(name)?.Name ?? name}' is not installed. Get-DepthModel -Installed lists what is.");
}
