using System.Globalization;

namespace MetricDepth.Inference.Models;

/// <summary>
/// Keeps two commands from working on the same model. It is the operating system's lock on a file, so it ends with its holder, however
/// that ends; who it is stands in a file beside it.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private const int PollMilliseconds = 200;

    // sharing violation and lock violation of Windows; EAGAIN of Linux and of the BSDs
    private static readonly int[] Held = OperatingSystem.IsWindows() ? [32, 33] : [11, 35];

    private readonly FileStream _lock;
    private readonly string _holder;

    private StoreLock(FileStream file, string holder) => (_lock, _holder) = (file, holder);

    /// <summary>Waits for the lock.</summary>
    /// <param name="store">The store's folder.</param>
    /// <param name="name">What is locked, e.g. a model's name.</param>
    /// <param name="progress">Is told who holds it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static StoreLock Acquire(string store, string name, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        string folder = Directory.CreateDirectory(Path.Combine(store, "locks")).FullName;
        string path = Path.Combine(folder, name.ToLowerInvariant() + ".lock"), holder = path + ".holder";
        for (bool told = false; ; told = true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                File.WriteAllText(holder, string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}, since {DateTime.Now:HH:mm:ss}"));
                return new(file, holder);
            }
            catch (IOException e) when (Held.Contains(e.HResult & 0xFFFF))
            {
                if (!told) progress?.Report(FrameProgress.Warning($"Another command works on '{name}' ({WhoHolds(holder)}); waiting for it."));
                cancellation.WaitHandle.WaitOne(PollMilliseconds);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            File.Delete(_holder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // only a note
        }
        _lock.Dispose();
    }

    private static string WhoHolds(string holder)
    {
        try
        {
            return File.ReadAllText(holder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "it does not say which";
        }
    }
}
