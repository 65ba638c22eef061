using System.Globalization;
using System.Management.Automation;

namespace MetricDepth.PowerShell;

/// <summary>Makes error records: the one place where ids and categories are decided.</summary>
internal static class Failure
{
    // ENOSPC, and Windows' ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL, in the low word of HResult
    private const int NoSpaceUnix = 28, DiskFullWindows = 112, HandleDiskFullWindows = 39;

    /// <summary>The record of a failure about one input.</summary>
    public static ErrorRecord ToErrorRecord(Exception failure, object? target)
    {
        if (failure is AggregateException { InnerExceptions.Count: 1 } wrapped) failure = wrapped.InnerExceptions[0];
        var (id, category) = Classify(failure);
        var record = new ErrorRecord(failure, id, category, target);
        string about = About(target, failure.Message);
        if (about != failure.Message) record.ErrorDetails = new ErrorDetails(about);
        return record;
    }

    /// <summary>A message with the name of the file it is about before it, where it does not say so itself: of many clips, one has to know which.</summary>
    public static string About(object? target, string message)
    {
        string path = Convert.ToString(target, CultureInfo.InvariantCulture) ?? "", name = Path.GetFileName(path);
        return Path.IsPathRooted(path) && name.Length > 0 && !message.Contains(name, StringComparison.Ordinal) ? $"{name}: {message}" : message;
    }

    private static (string Id, ErrorCategory Category) Classify(Exception failure) => failure switch
    {
        MetricDepthException { InnerException: UnauthorizedAccessException } e => (e.ErrorId, ErrorCategory.PermissionDenied),
        MetricDepthException e => (e.ErrorId, CategoryOf(e.Kind)),
        UnauthorizedAccessException => ("AccessDenied", ErrorCategory.PermissionDenied),
        FileNotFoundException or DirectoryNotFoundException => ("FileNotFound", ErrorCategory.ObjectNotFound),
        IOException e when IsDiskFull(e) => ("DiskFull", ErrorCategory.WriteError),
        IOException => ("InputOutputFailed", ErrorCategory.ReadError),
        SessionStateException or ProviderInvocationException => ("PathNotResolved", ErrorCategory.ObjectNotFound),
        ArgumentException or NotSupportedException => ("InvalidArgument", ErrorCategory.InvalidArgument),
        OperationCanceledException => ("Cancelled", ErrorCategory.OperationStopped),
        OutOfMemoryException => ("OutOfMemory", ErrorCategory.ResourceUnavailable),
        _ => ("UnexpectedFailure", ErrorCategory.NotSpecified),
    };

    private static ErrorCategory CategoryOf(FailureKind kind) => kind switch
    {
        FailureKind.InvalidArgument => ErrorCategory.InvalidArgument,
        FailureKind.InvalidData => ErrorCategory.InvalidData,
        FailureKind.NotFound => ErrorCategory.ObjectNotFound,
        FailureKind.AlreadyExists => ErrorCategory.ResourceExists,
        FailureKind.Storage => ErrorCategory.WriteError,
        FailureKind.MissingDependency => ErrorCategory.NotInstalled,
        FailureKind.InsufficientInformation => ErrorCategory.InvalidOperation,
        FailureKind.ExternalTool => ErrorCategory.ResourceUnavailable,
        _ => ErrorCategory.NotSpecified,
    };

    private static bool IsDiskFull(IOException e) => (e.HResult & 0xFFFF) is NoSpaceUnix or DiskFullWindows or HandleDiskFullWindows;
}
