using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MetricDepth.Tests.Inference.Models;

/// <summary>What was asked of the server, and how much of the body it sent.</summary>
internal sealed record ServedRequest(string Path, string? Range, string? IfRange)
{
    public long Sent { get; set; }
}

/// <summary>How the next answer goes wrong.</summary>
internal abstract record Misbehaviour
{
    /// <summary>The connection ends after so many bytes of the body.</summary>
    public sealed record Drop(int After) : Misbehaviour;

    /// <summary>Nothing more comes after so many bytes of the body.</summary>
    public sealed record Stall(int After) : Misbehaviour;

    /// <summary>Another status, with headers.</summary>
    public sealed record Status(int Code, params string[] Headers) : Misbehaviour;

    /// <summary>No Content-Length, and so many bytes more than there are.</summary>
    public sealed record Chunked(long More) : Misbehaviour;

    /// <summary>Another part than was asked for.</summary>
    public sealed record WrongPart : Misbehaviour;
}

/// <summary>A web server on this machine that serves one file from every path, as a model hub does, and misbehaves when told to.</summary>
internal sealed class ModelServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    private readonly X509Certificate2? _certificate;

    /// <summary>Starts it.</summary>
    /// <param name="content">The file.</param>
    /// <param name="certificate">For https; null for http.</param>
    public ModelServer(byte[] content, X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        Content = content;
        _listener.Start();
        Root = new($"{(certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _ = Accept();
    }

    public Uri Root { get; }
    public byte[] Content { get; set; }
    public string? ETag { get; set; } = "\"first\"";
    public bool KnowsRanges { get; set; } = true;

    /// <summary>What goes wrong with the next answers, one each.</summary>
    public ConcurrentQueue<Misbehaviour> Next { get; } = new();

    /// <summary>What goes wrong with every answer to a path.</summary>
    public ConcurrentDictionary<string, Misbehaviour> Always { get; } = new();

    public ConcurrentQueue<ServedRequest> Requests { get; } = new();

    public Uri At(string path) => new(Root, path);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true) _ = Serve(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var _ = client;
        try
        {
            Stream stream = client.GetStream();
            if (_certificate is not null)
            {
                var secured = new SslStream(stream);
                await secured.AuthenticateAsServerAsync(_certificate);
                stream = secured;
            }
            using var reader = new StreamReader(stream, Encoding.ASCII, false, 1024, leaveOpen: true);
            if (await reader.ReadLineAsync(_stop.Token) is not { Length: > 0 } asked) return; // went away
            string path = asked.Split(' ')[1];
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line) headers[line.Split(':', 2)[0]] = line.Split(':', 2)[1].Trim();
            var request = new ServedRequest(path, headers.GetValueOrDefault("Range"), headers.GetValueOrDefault("If-Range"));
            Requests.Enqueue(request);
            if (!Always.TryGetValue(path, out var wrong)) Next.TryDequeue(out wrong);
            await Answer(stream, request, wrong);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException or AuthenticationException)
        {
        }
    }

    private async Task Answer(Stream stream, ServedRequest request, Misbehaviour? wrong)
    {
        byte[] content = Content;
        if (wrong is Misbehaviour.Status status)
        {
            await Head(stream, status.Code, [.. status.Headers, "Content-Length: 0"]);
            return;
        }
        long first = 0;
        string[] tag = ETag is null ? [] : [$"ETag: {ETag}"];
        bool part = KnowsRanges && request.Range is not null && (request.IfRange is null || request.IfRange == ETag);
        if (part) first = long.Parse(request.Range!["bytes=".Length..^1], CultureInfo.InvariantCulture);
        if (first > content.Length - 1)
        {
            await Head(stream, 416, [$"Content-Range: bytes */{content.Length}", "Content-Length: 0"]);
            return;
        }
        if (wrong is Misbehaviour.Chunked chunked)
        {
            await Head(stream, 200, [.. tag, "Transfer-Encoding: chunked"]);
            var block = new byte[65536];
            for (long left = content.Length + chunked.More; left > 0;)
            {
                int size = (int)Math.Min(left, block.Length);
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"{size:x}\r\n"), _stop.Token);
                content.AsSpan().Slice((int)Math.Min(request.Sent, content.Length), (int)Math.Min(size, Math.Max(0, content.Length - request.Sent))).CopyTo(block);
                await stream.WriteAsync(block.AsMemory(0, size), _stop.Token);
                await stream.WriteAsync("\r\n"u8.ToArray(), _stop.Token);
                request.Sent += size;
                left -= size;
            }
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), _stop.Token);
            return;
        }
        long told = wrong is Misbehaviour.WrongPart ? 0 : first;
        await Head(stream, part ? 206 : 200, [.. tag, $"Content-Length: {content.Length - first}", .. part ? [$"Content-Range: bytes {told}-{content.Length - 1}/{content.Length}"] : Array.Empty<string>()]);
        int end = wrong switch
        {
            Misbehaviour.Drop drop => (int)Math.Min(content.Length, first + drop.After),
            Misbehaviour.Stall stall => (int)Math.Min(content.Length, first + stall.After),
            _ => content.Length,
        };
        await stream.WriteAsync(content.AsMemory((int)first, end - (int)first), _stop.Token);
        request.Sent = end - first;
        if (wrong is Misbehaviour.Stall) await Task.Delay(Timeout.Infinite, _stop.Token);
    }

    private async Task Head(Stream stream, int code, IEnumerable<string> headers) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {code} Whatever\r\n{string.Concat(headers.Select(h => h + "\r\n"))}Connection: close\r\n\r\n"), _stop.Token);
}
