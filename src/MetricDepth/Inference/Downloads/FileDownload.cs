using System.Buffers;
using System.Globalization;
using System.Net;

namespace MetricDepth.Inference.Downloads;

/// <summary>
/// Fetches a file over HTTP. What has arrived stays when the connection breaks or the user stops, and the next attempt, or the next
/// command, asks for the rest only, if the file at the source is still the same one.
/// </summary>
public static class FileDownload
{
    // failures in a row without a new byte, and all failures: a server that drops every connection is given up some time
    private const int MostFailures = 4, MostAttempts = 50;
    private const int BufferSize = 1 << 18;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Fetches the file; it is complete at <see cref="DownloadRequest.Path"/> when this returns. Its content is not checked here.</summary>
    /// <exception cref="MetricDepthException"><c>DownloadFailed</c>, <c>DownloadNotFound</c>, <c>DownloadRefused</c>, <c>DownloadInsecure</c>,
    /// <c>DownloadRedirected</c>, <c>DownloadTooLarge</c>, <c>DownloadSizeMismatch</c>, <c>DiskSpaceInsufficient</c>.</exception>
    public static void Run(DownloadRequest request, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        using var client = new WebClient();
        for (int i = 0; i < request.Sources.Count; i++)
        {
            try
            {
                // on a worker, which has nothing else to do and no context to come back to
                Fetch(client, request, request.Sources[i], progress, cancellation).GetAwaiter().GetResult();
                return;
            }
            catch (MetricDepthException e) when (i + 1 < request.Sources.Count && e.ErrorId is not "DiskSpaceInsufficient")
            {
                progress?.Report(FrameProgress.Verbose($"{e.Message} Trying {request.Sources[i + 1].Host}."));
            }
        }
    }

    private static async Task Fetch(WebClient client, DownloadRequest request, Uri source, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var pause = request.RetryDelay;
        int failures = 0;
        for (int attempt = 1; ; attempt++)
        {
            var partial = PartialDownload.Open(request.Path);
            long before = partial.Length;
            try
            {
                await FetchOnce(client, request, source, partial, progress, cancellation).ConfigureAwait(false);
                partial.RemoveNote();
                return;
            }
            catch (TransientFailure e)
            {
                cancellation.ThrowIfCancellationRequested();
                bool advanced = partial.Length > before;
                (failures, pause) = advanced ? (1, request.RetryDelay) : (failures + 1, pause);
                if (failures >= MostFailures || attempt >= MostAttempts) throw DownloadFailure.Of(e, request, source);
                var wait = e.Pause is { } asked && asked > pause ? asked : pause;
                if (wait > LongestPause) throw DownloadFailure.Of(e, request, source);
                progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
                    $"{source.Host}: {e.Message.TrimEnd('.')}. {partial.Length / 1e6:0.0} MB have arrived; trying again in {wait.TotalSeconds:0.#} s.")));
                await Task.Delay(wait, cancellation).ConfigureAwait(false);
                pause *= 2;
            }
        }
    }

    private static async Task FetchOnce(
        WebClient client, DownloadRequest request, Uri source, PartialDownload partial, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        bool same = partial.Source == source && partial.Validator is not null;
        long have = same || request.IsHashKnown ? partial.Length : 0;
        var response = await client.Get(request, source, have, same ? partial.Validator : null, cancellation).ConfigureAwait(false);
        try
        {
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && have > 0)
            {
                // all of it is there already, or it is not that file any more
                if (response.Content.Headers.ContentRange?.Length == have && (request.Bytes ?? have) == have) return;
                response.Dispose();
                partial.Delete();
                progress?.Report(FrameProgress.Verbose($"'{request.Name}' is shorter now than what had arrived; starting over."));
                have = 0;
                response = await client.Get(request, source, 0, null, cancellation).ConfigureAwait(false);
            }
            if (DownloadFailure.IsTransient(response.StatusCode))
                throw new TransientFailure(string.Create(CultureInfo.InvariantCulture, $"it answers {(int)response.StatusCode}")) { Pause = PauseOf(response) };
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent)) throw DownloadFailure.Of(response.StatusCode, request, source);
            if (response.StatusCode == HttpStatusCode.PartialContent && (have == 0 || response.Content.Headers.ContentRange is not { Unit: "bytes" } range || range.From != have))
            {
                partial.Delete();
                throw new TransientFailure("it sends another part than was asked for");
            }
            if (have > 0 && response.StatusCode == HttpStatusCode.OK)
            {
                progress?.Report(FrameProgress.Verbose($"'{request.Name}' has changed at {source.Host}, or is sent in one piece only; starting over."));
                have = 0;
            }
            await Take(response, request, source, partial, have, progress, cancellation).ConfigureAwait(false);
        }
        finally
        {
            response.Dispose();
        }
    }

    private static async Task Take(
        HttpResponseMessage response, DownloadRequest request, Uri source, PartialDownload partial, long have, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        long? total = response.Content.Headers.ContentLength is { } rest ? have + rest : null;
        if (total is { } announced) Check(announced, request, source, partial);
        long limit = request.Bytes ?? request.MaxBytes;
        DownloadSpace.Require(request.Name, request.Path, (total ?? request.Bytes ?? 0) - have, request.FreeSpace(request.Path));
        partial.Note(source, response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("r", CultureInfo.InvariantCulture));

        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        long written = have;
        try
        {
            await using var file = new FileStream(request.Path, have > 0 ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            await using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            while (true)
            {
                progress?.Report(new($"Downloading {request.Name}", written, total ?? request.Bytes, Unit: ProgressUnit.Bytes));
                int read = await Read(body, buffer, idle, request.Patience, cancellation).ConfigureAwait(false);
                written += read;
                if (read == 0 || written > limit) break; // too much is refused below, where the file is closed
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            }
            if (written < total) throw new TransientFailure("the connection ended early");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        if (total is null) Check(written, request, source, partial);
    }

    private static async Task<int> Read(Stream body, byte[] buffer, CancellationTokenSource idle, TimeSpan patience, CancellationToken cancellation)
    {
        idle.CancelAfter(patience);
        try
        {
            return await body.ReadAsync(buffer, idle.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TransientFailure("it has stopped sending", e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new TransientFailure("the connection broke", e);
        }
    }

    private static void Check(long bytes, DownloadRequest request, Uri source, PartialDownload partial)
    {
        if (request.Bytes is null && bytes > request.MaxBytes)
        {
            partial.Delete();
            throw new MetricDepthException("DownloadTooLarge", FailureKind.InvalidData, string.Create(CultureInfo.InvariantCulture,
                $"What {source} sends as '{request.Name}' is larger than {request.MaxBytes / 1e6:0} MB, so it is not that. Check the address."));
        }
        if (request.Bytes is not { } expected || bytes == expected) return;
        partial.Delete();
        throw new MetricDepthException("DownloadSizeMismatch", FailureKind.InvalidData, string.Create(CultureInfo.InvariantCulture,
            $"What {source} sends as '{request.Name}' has {(bytes > expected ? "more than" : $"{bytes} instead of")} {expected} bytes, so it is not that file (a proxy's log-in page, or another version). {DownloadFailure.ByHand(request, source)}"));
    }

    private static TimeSpan? PauseOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - DateTimeOffset.UtcNow,
        _ => null,
    };
}
