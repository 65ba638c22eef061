using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;

namespace MetricDepth.Inference.Downloads;

/// <summary>
/// Asks for files over HTTP. Redirects are followed here, because only so can a step from https to http be refused. Proxies are those of
/// the environment (<c>HTTPS_PROXY</c>, <c>NO_PROXY</c>) or the system.
/// </summary>
internal sealed class WebClient : IDisposable
{
    private const int MostRedirects = 10;

    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(15);

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None, // ranges are of the bytes as they are
        ConnectTimeout = ConnectTime,
        UseCookies = false,
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    public WebClient() => _client.DefaultRequestHeaders.UserAgent.Add(
        new ProductInfoHeaderValue("MetricDepth", typeof(WebClient).Assembly.GetName().Version?.ToString(3) ?? "0"));

    /// <summary>Whether an address may be asked: over TLS, or on this machine, or because the user says so.</summary>
    public static bool IsAllowed(Uri address, bool allowHttp) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && (allowHttp || address.IsLoopback));

    /// <summary>Asks for a file, or what follows its first bytes; the answer's head is there, its body is not read yet.</summary>
    /// <param name="request">The file.</param>
    /// <param name="source">Which of its sources.</param>
    /// <param name="first">The first byte wanted.</param>
    /// <param name="validator">The version that the bytes before belong to; null not to ask for one.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<HttpResponseMessage> Get(DownloadRequest request, Uri source, long first, string? validator, CancellationToken cancellation)
    {
        if (!IsAllowed(source, request.AllowHttp))
            throw new MetricDepthException("DownloadInsecure", FailureKind.InvalidArgument,
                $"'{source}' is not encrypted, so anybody on the way could change '{request.Name}'. Use an https address, or give -AllowHttp if you trust the way.");
        var address = source;
        for (int redirects = 0; redirects <= MostRedirects; redirects++)
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, address);
            message.Headers.AcceptEncoding.ParseAdd("identity");
            if (first > 0)
            {
                message.Headers.Range = new RangeHeaderValue(first, null);
                if (validator is not null) message.Headers.TryAddWithoutValidation("If-Range", validator);
            }
            var response = await Send(message, request, source, cancellation).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)) return response;
            using (response)
            {
                if (response.Headers.Location is not { } location || !Uri.TryCreate(address, location, out var next)) throw new MetricDepthException("DownloadFailed", FailureKind.ExternalTool,
                    $"'{address}' sends '{request.Name}' on without saying where to. {DownloadFailure.ByHand(request, source)}");
                if (!IsAllowed(next, request.AllowHttp) || (address.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps && !request.AllowHttp))
                    throw new MetricDepthException("DownloadInsecure", FailureKind.InvalidArgument,
                        $"'{address}' sends '{request.Name}' on to '{next}', which is not encrypted. {DownloadFailure.ByHand(request, source)}");
                address = next;
            }
        }
        throw new MetricDepthException("DownloadRedirected", FailureKind.ExternalTool,
            $"'{source}' sends '{request.Name}' on and on ({MostRedirects} times). {DownloadFailure.ByHand(request, source)}");
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> Send(HttpRequestMessage message, DownloadRequest request, Uri source, CancellationToken cancellation)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        wait.CancelAfter(request.Patience);
        try
        {
            return await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, wait.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TransientFailure("it does not answer", e);
        }
        catch (HttpRequestException e) when (e is { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: AuthenticationException })
        {
            // no attempt makes a certificate better
            throw DownloadFailure.Of(new TransientFailure(DownloadFailure.Reason(e), e), request, source);
        }
        catch (HttpRequestException e)
        {
            throw new TransientFailure(DownloadFailure.Reason(e), e);
        }
    }
}
