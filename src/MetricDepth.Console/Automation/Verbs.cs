namespace System.Management.Automation;

// The approved verbs that commands of this module use or may come to use.

public static class VerbsCommon
{
    public const string Add = "Add", Clear = "Clear", Copy = "Copy", Find = "Find", Format = "Format", Get = "Get", Join = "Join",
        Move = "Move", New = "New", Open = "Open", Remove = "Remove", Rename = "Rename", Resize = "Resize", Select = "Select",
        Set = "Set", Show = "Show", Split = "Split", Switch = "Switch", Watch = "Watch";
}

public static class VerbsData
{
    public const string Backup = "Backup", Compare = "Compare", Convert = "Convert", ConvertFrom = "ConvertFrom", ConvertTo = "ConvertTo",
        Edit = "Edit", Expand = "Expand", Export = "Export", Import = "Import", Initialize = "Initialize", Merge = "Merge",
        Save = "Save", Update = "Update";
}

public static class VerbsDiagnostic
{
    public const string Debug = "Debug", Measure = "Measure", Repair = "Repair", Resolve = "Resolve", Test = "Test", Trace = "Trace";
}

public static class VerbsLifecycle
{
    public const string Build = "Build", Complete = "Complete", Install = "Install", Invoke = "Invoke", Register = "Register",
        Request = "Request", Start = "Start", Stop = "Stop", Uninstall = "Uninstall", Wait = "Wait";
}
