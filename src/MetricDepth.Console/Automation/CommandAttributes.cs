#nullable disable
namespace System.Management.Automation;

// The attributes a command's class and parameters carry. Signatures are those of PowerShellStandard.Library.

public abstract class CmdletMetadataAttribute : Attribute;

public abstract class ParsingBaseAttribute : CmdletMetadataAttribute;

public enum ConfirmImpact { None, Low, Medium, High }

[AttributeUsage(AttributeTargets.Class)]
public sealed class CmdletAttribute(string verbName, string nounName) : CmdletMetadataAttribute
{
    public string VerbName => verbName;
    public string NounName => nounName;
    public string DefaultParameterSetName { get; set; }
    public bool SupportsShouldProcess { get; set; }
    public ConfirmImpact ConfirmImpact { get; set; } = ConfirmImpact.Medium;
    public string HelpUri { get; set; } = "";
}

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field, AllowMultiple = true)]
public sealed class ParameterAttribute : ParsingBaseAttribute
{
    public const string AllParameterSets = "__AllParameterSets";
    public int Position { get; set; } = int.MinValue;
    public string ParameterSetName { get; set; } = AllParameterSets;
    public bool Mandatory { get; set; }
    public bool ValueFromPipeline { get; set; }
    public bool ValueFromPipelineByPropertyName { get; set; }
    public bool ValueFromRemainingArguments { get; set; }
    public string HelpMessage { get; set; }
}

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property | AttributeTargets.Field)]
public sealed class AliasAttribute(params string[] aliasNames) : ParsingBaseAttribute
{
    public IList<string> AliasNames => aliasNames;
}

[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class OutputTypeAttribute : CmdletMetadataAttribute
{
    public OutputTypeAttribute(params Type[] type) => Type = type;
    public OutputTypeAttribute(params string[] type) => Names = type;
    public Type[] Type { get; } = [];
    public string[] Names { get; } = [];
    public string[] ParameterSetName { get; set; }
}

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class SupportsWildcardsAttribute : ParsingBaseAttribute;

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class AllowNullAttribute : CmdletMetadataAttribute;

/// <summary>What a validation may ask of the engine: nothing here.</summary>
public sealed class EngineIntrinsics;
