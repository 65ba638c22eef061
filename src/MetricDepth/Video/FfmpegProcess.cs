using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace MetricDepth.Video;

/// <summary>One running ffmpeg or ffprobe: an argument list in, raw pipes, its last words kept, killed at once on cancellation.</summary>
internal sealed partial class FfmpegProcess : IDisposable
{
    private const int KeptLines = 30;
    private const int PipeBytes = 1 << 20;
    private const int ExitBySignal = 255;
    private static readonly TimeSpan SignalGrace = TimeSpan.FromSeconds(1);
    private readonly CancellationToken _cancellation;
    private readonly Process _process;
    private readonly CancellationTokenRegistration _registration;
    private readonly Thread _errorThread;
    private readonly Queue<string> _lastWords = new();
    private long _encodedFrames = -1;
    private bool _disposed;

    public FfmpegProcess(string program, IEnumerable<string> arguments, CancellationToken cancellation, bool feeds = false)
    {
        cancellation.ThrowIfCancellationRequested();
        _cancellation = cancellation;
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = feeds,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        if (OperatingSystem.IsWindows()) start.CreateNewProcessGroup = true; // keeps the console's Ctrl+C to ourselves
        start.Environment.Remove("FFREPORT"); // it would make ffmpeg write log files beside the user's videos
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new MetricDepthException("FfmpegNotStarted", FailureKind.MissingDependency, $"'{program}' could not be started: {e.Message}.", e);
        }
        Widen(_process.StandardOutput.BaseStream);
        if (feeds) Widen(_process.StandardInput.BaseStream);
        _errorThread = new Thread(ReadErrors) { IsBackground = true, Name = "ffmpeg messages" };
        _errorThread.Start();
        _registration = cancellation.Register(Kill);
    }

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Frames the muxer has taken, from <c>-progress pipe:2</c>; −1 when not reported.</summary>
    public long EncodedFrames => Interlocked.Read(ref _encodedFrames);

    /// <summary>The last lines it printed.</summary>
    public string LastWords
    {
        get
        {
            lock (_lastWords) return string.Join('\n', _lastWords);
        }
    }

    public int Id => _process.Id;

    /// <summary>Waits for the end and returns the exit code.</summary>
    public int WaitForExit()
    {
        _process.WaitForExit();
        _errorThread.Join();
        // A terminal sends Ctrl+C to us and to ffmpeg alike, and ffmpeg may be gone before our shell has told us: wait for the word
        // rather than blame the file.
        if (_process.ExitCode == ExitBySignal) _cancellation.WaitHandle.WaitOne(SignalGrace);
        return _process.ExitCode;
    }

    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // it has ended by itself
        }
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _registration.Dispose();
        Kill();
        _process.WaitForExit();
        _errorThread.Join();
        _process.Dispose();
    }

    private void ReadErrors()
    {
        while (_process.StandardError.ReadLine() is { } line)
        {
            int equals = line.IndexOf('=');
            if (equals > 0 && line.AsSpan(0, equals).IndexOfAnyExcept(ProgressKeyCharacters) < 0)
            {
                if (line.StartsWith("frame=", StringComparison.Ordinal)
                    && long.TryParse(line.AsSpan(6).Trim(), System.Globalization.CultureInfo.InvariantCulture, out long frames))
                    Interlocked.Exchange(ref _encodedFrames, frames);
                continue;
            }
            lock (_lastWords)
            {
                _lastWords.Enqueue(line);
                if (_lastWords.Count > KeptLines) _lastWords.Dequeue();
            }
        }
    }

    private static readonly System.Buffers.SearchValues<char> ProgressKeyCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Linux gives a pipe 64 KiB; a frame of video has many times that, and each refill costs two context switches.</summary>
    private static void Widen(Stream stream)
    {
        const int SetPipeSize = 1031; // F_SETPIPE_SZ
        if (OperatingSystem.IsLinux() && stream is PipeStream { SafePipeHandle: var handle })
            _ = SetFileControl(handle, SetPipeSize, PipeBytes);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int SetFileControl(SafeHandle descriptor, int command, int argument);
}
