#nullable disable
namespace System.Management.Automation;

public interface IContainsErrorRecord
{
    ErrorRecord ErrorRecord { get; }
}

public class RuntimeException(string message, Exception innerException = null) : SystemException(message, innerException), IContainsErrorRecord
{
    internal string Id { get; init; } = "RuntimeException";
    internal ErrorCategory Category { get; init; } = ErrorCategory.NotSpecified;
    internal object Target { get; init; }
    public virtual ErrorRecord ErrorRecord => field ??= new(this, Id, Category, Target);
}

/// <summary>The pipeline is being stopped, by the user or by another command's terminating error.</summary>
public class PipelineStoppedException() : RuntimeException("The pipeline has been stopped.");

public class ActionPreferenceStopException(string message) : RuntimeException(message);

public class PSInvalidOperationException : InvalidOperationException, IContainsErrorRecord
{
    public PSInvalidOperationException(string message) : base(message) { }
    public ErrorRecord ErrorRecord => field ??= new(this, "InvalidOperation", ErrorCategory.InvalidOperation, null);
}

public class PSArgumentException(string message, string paramName = null) : ArgumentException(message, paramName);

public class PSInvalidCastException(string message, Exception innerException = null) : InvalidCastException(message, innerException);

public class CommandNotFoundException(string message) : RuntimeException(message);

public class ParameterBindingException(string message, Exception innerException = null) : RuntimeException(message, innerException);

internal sealed class ParameterBindingValidationException(string message, Exception inner = null) : ParameterBindingException(message, inner);

public class MetadataException(string message, Exception innerException = null) : RuntimeException(message, innerException);

public class ValidationMetadataException(string message) : MetadataException(message);

public class SessionStateException(string message) : RuntimeException(message);

public class ItemNotFoundException(string message) : SessionStateException(message);

public class ProviderInvocationException(string message, Exception innerException = null) : RuntimeException(message, innerException);
