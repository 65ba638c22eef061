namespace System.Management.Automation;

// What every command takes besides its own parameters; bound by the same binder.

internal class CommonParameters
{
    [Parameter, Alias("vb")] public SwitchParameter Verbose { get; set; }
    [Parameter, Alias("db")] public SwitchParameter Debug { get; set; }
    [Parameter, Alias("ea")] public ActionPreference ErrorAction { get; set; } = ActionPreference.Continue;
    [Parameter, Alias("wa")] public ActionPreference WarningAction { get; set; } = ActionPreference.Continue;
    [Parameter, Alias("infa")] public ActionPreference InformationAction { get; set; } = ActionPreference.SilentlyContinue;
    [Parameter, Alias("proga")] public ActionPreference ProgressAction { get; set; } = ActionPreference.Continue;
}

internal sealed class ShouldProcessParameters : CommonParameters
{
    [Parameter, Alias("wi")] public SwitchParameter WhatIf { get; set; }
    [Parameter, Alias("cf")] public SwitchParameter Confirm { get; set; }
}
