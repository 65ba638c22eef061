# Loads the binary module into a load context of its own (src/MetricDepth.Loader), so that its dependencies stay private.

$bin = Join-Path $PSScriptRoot 'bin'
$loader = Join-Path $bin 'MetricDepth.Loader.dll'
$binary = Join-Path $bin 'MetricDepth.PowerShell.dll'

if (-not ((Test-Path -LiteralPath $loader) -and (Test-Path -LiteralPath $binary))) {
    $exception = [System.IO.FileNotFoundException]::new(
        "MetricDepth is not built yet: '$bin' is missing or incomplete. In '$(Split-Path $PSScriptRoot)' run: dotnet run build.cs -- build")
    throw [System.Management.Automation.ErrorRecord]::new($exception, 'ModuleNotBuilt', 'NotInstalled', $bin)
}

# the command's full name, in case a profile overrides Import-Module
Add-Type -LiteralPath $loader
$inner = Microsoft.PowerShell.Core\Import-Module -Assembly ([MetricDepth.Loader.ModuleLoadContext]::LoadModule($binary)) -PassThru

# A second import (-Force) finds the binary module in PowerShell's cache, and then its cmdlets do not become this module's own
# (PowerShell issue 20710); hand them over.
$add = [System.Management.Automation.PSModuleInfo].GetMethod('AddExportedCmdlet', [System.Reflection.BindingFlags]'Instance, NonPublic')
if ($add) {
    foreach ($cmdlet in $inner.ExportedCmdlets.Values) {
        $add.Invoke($ExecutionContext.SessionState.Module, @(, $cmdlet))
    }
}

# PowerShell does not look for type names in other load contexts; give the types that scripts name a way in.
$library = [System.AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -eq 'MetricDepth' }, 'First')[0]
$accelerators = [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')
$names = @(
    'MetricDepth.Video.VideoClip'
    'MetricDepth.Depth.DepthVideo'
    'MetricDepth.Depth.DepthScale'
    'MetricDepth.Depth.DepthComparisonResult'
    'MetricDepth.Rendering.StereoVideo'
    'MetricDepth.Rendering.StereoLayout'
)
foreach ($name in $names) {
    $null = $accelerators::Remove($name)
    $accelerators::Add($name, $library.GetType($name))
}
$ExecutionContext.SessionState.Module.OnRemove = { foreach ($name in $names) { $null = $accelerators::Remove($name) } }.GetNewClosure()
