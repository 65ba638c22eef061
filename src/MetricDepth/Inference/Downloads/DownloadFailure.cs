using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MetricDepth.Inference.Downloads;

/// <summary>What to tell a user when a download fails: why, and how to come by the file otherwise.</summary>
internal static class DownloadFailure
{
    /// <summary>Whether the server may answer otherwise in a moment.</summary>
    public static bool IsTransient(HttpStatusCode status) => (int)status is 408 or 425 or 429 or 500 or 502 or 503 or 504;

    /// <summary>How to do without this download.</summary>
    public static string ByHand(DownloadRequest request, Uri source) => $"Fetch {source} by hand and run {request.ByHand}.";

    /// <summary>The failure that an answer means.</summary>
    public static MetricDepthException Of(HttpStatusCode status, DownloadRequest request, Uri source) => (int)status switch
    {
        404 or 410 => new("DownloadNotFound", FailureKind.NotFound,
            $"'{source}' does not exist (any more). Look for '{request.Name}' on its makers' pages and run {request.ByHand}, or write its new address into a catalog (models/README.md)."),
        401 or 403 => new("DownloadRefused", FailureKind.ExternalTool,
            string.Create(CultureInfo.InvariantCulture, $"'{source.Host}' does not give '{request.Name}' to everybody ({(int)status}). Log in there in a browser, fetch {source} and run {request.ByHand}.")),
        _ => new("DownloadFailed", FailureKind.ExternalTool,
            string.Create(CultureInfo.InvariantCulture, $"'{source.Host}' answers {(int)status} for '{request.Name}'. {ByHand(request, source)}")),
    };

    /// <summary>The failure after the last attempt.</summary>
    public static MetricDepthException Of(TransientFailure failure, DownloadRequest request, Uri source) => new("DownloadFailed", FailureKind.ExternalTool,
        $"'{request.Name}' cannot be fetched from '{source.Host}': {failure.Message.TrimEnd('.')}. Check the network (a proxy is taken from HTTPS_PROXY) and run the command again: what has arrived is kept. Or: {ByHand(request, source)}", failure);

    /// <summary>Why a connection failed, in words.</summary>
    public static string Reason(Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name is not known here (is there a network?)",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "its certificate is not valid, or TLS fails otherwise: " + (e.InnerException ?? e).Message,
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => "the proxy refuses: " + e.Message,
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "it refuses the connection",
        _ => e.Message.Trim(),
    };
}
