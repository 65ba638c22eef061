namespace System.Management.Automation;

// The approved verbs in use.

public static class VerbsCommon
{
    public const string Format = "Format", Get = "Get", New = "New", Set = "Set", Show = "Show";
}

public static class VerbsData
{
    public const string Compare = "Compare", ConvertTo = "ConvertTo", Export = "Export", Import = "Import";
}

public static class VerbsDiagnostic
{
    public const string Measure = "Measure", Repair = "Repair";
}

public static class VerbsLifecycle
{
    public const string Install = "Install", Invoke = "Invoke", Uninstall = "Uninstall", Wait = "Wait";
}
