#nullable disable
namespace System.Management.Automation;

public enum ErrorCategory
{
    NotSpecified, OpenError, CloseError, DeviceError, DeadlockDetected, InvalidArgument, InvalidData, InvalidOperation, InvalidResult,
    InvalidType, MetadataError, NotImplemented, NotInstalled, ObjectNotFound, OperationStopped, OperationTimeout, SyntaxError, ParserError,
    PermissionDenied, ResourceBusy, ResourceExists, ResourceUnavailable, ReadError, WriteError, FromStdErr, SecurityError, ProtocolError,
    ConnectionError, AuthenticationError, LimitsExceeded, QuotaExceeded, NotEnabled,
}

public class ErrorCategoryInfo
{
    public ErrorCategory Category { get; internal init; }
    public string Activity { get; set; } = "";
    public string Reason { get; set; } = "";
    public string TargetName { get; set; } = "";
    public string TargetType { get; set; } = "";
    public override string ToString() => $"{Category}: ({TargetName}:{TargetType}) [{Activity}], {Reason}";
}

public class ErrorDetails(string message)
{
    public string Message => message;
    public override string ToString() => message;
}

public class ErrorRecord
{
    private readonly string _errorId;
    private Type _command;

    public ErrorRecord(Exception exception, string errorId, ErrorCategory errorCategory, object targetObject)
    {
        ArgumentNullException.ThrowIfNull(exception);
        (Exception, _errorId, TargetObject) = (exception, errorId ?? "", targetObject);
        CategoryInfo = new()
        {
            Category = errorCategory,
            Reason = exception.GetType().Name,
            TargetName = LanguagePrimitives.ToText(targetObject),
            TargetType = targetObject?.GetType().Name ?? "",
        };
    }

    public Exception Exception { get; }
    public object TargetObject { get; }
    public ErrorCategoryInfo CategoryInfo { get; }
    public ErrorDetails ErrorDetails { get; set; }
    public InvocationInfo InvocationInfo { get; private set; }
    public string FullyQualifiedErrorId => _command is null ? _errorId : _errorId + "," + _command.FullName;
    public override string ToString() => ErrorDetails?.Message ?? Exception.Message;

    /// <summary>The first command that an error passes is the one it belongs to.</summary>
    internal ErrorRecord From(InvocationInfo invocation)
    {
        if (InvocationInfo is not null) return this;
        (InvocationInfo, _command, CategoryInfo.Activity) = (invocation, invocation.MyCommand.ImplementingType, invocation.MyCommand.Name);
        return this;
    }
}

public enum ProgressRecordType { Processing, Completed }

public class ProgressRecord(int activityId, string activity, string statusDescription)
{
    public int ActivityId => activityId;
    public int ParentActivityId { get; set; } = -1;
    public string Activity { get; set; } = activity;
    public string StatusDescription { get; set; } = statusDescription;
    public string CurrentOperation { get; set; }
    /// <summary>0..100; −1 when unknown.</summary>
    public int PercentComplete { get; set; } = -1;
    /// <summary>Seconds left; −1 when unknown.</summary>
    public int SecondsRemaining { get; set; } = -1;
    public ProgressRecordType RecordType { get; set; }
}

public class InformationRecord(object messageData, string source)
{
    public object MessageData => messageData;
    public string Source => source;
    public List<string> Tags { get; } = [];
    public override string ToString() => LanguagePrimitives.ToText(messageData);
}

public enum ActionPreference { SilentlyContinue, Stop, Continue, Inquire, Ignore, Suspend, Break }

[Flags]
public enum ShouldProcessReason { None, WhatIf }

public class InvocationInfo
{
    public CommandInfo MyCommand { get; internal init; }
    public Dictionary<string, object> BoundParameters { get; } = new(StringComparer.OrdinalIgnoreCase);
    public string InvocationName { get; internal init; } = "";
    public int PipelineLength { get; internal init; }
    public int PipelinePosition { get; internal init; }
    public bool ExpectingInput { get; internal init; }
}
