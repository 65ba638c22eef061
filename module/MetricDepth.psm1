# Loads the binary module into a load context of its own (src/MetricDepth.Loader), so that its dependencies stay private.

$bin = Join-Path $PSScriptRoot 'bin'
$loader = Join-Path $bin 'MetricDepth.Loader.dll'
$binary = Join-Path $bin 'MetricDepth.PowerShell.dll'

if (-not ((Test-Path -LiteralPath $loader) -and (Test-Path -LiteralPath $binary))) {
    $exception = [System.IO.FileNotFoundException]::new(
        "MetricDepth is not built yet: '$bin' is missing or incomplete. In '$(Split-Path $PSScriptRoot)' run: dotnet run build.cs -- build")
    throw [System.Management.Automation.ErrorRecord]::new($exception, 'ModuleNotBuilt', 'NotInstalled', $bin)
}

# the commands' full names, in case a profile overrides them
Microsoft.PowerShell.Utility\Add-Type -LiteralPath $loader
$assembly = [MetricDepth.Loader.ModuleLoadContext]::LoadModule($binary)
$inner = Microsoft.PowerShell.Core\Import-Module -Assembly $assembly -PassThru

# PowerShell does not look for type names in other load contexts; give the types that scripts name a way in.
$library = [System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext($assembly).LoadFromAssemblyName('MetricDepth')
$accelerators = [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')
$types = foreach ($name in @(
        'MetricDepth.Video.VideoClip'
        'MetricDepth.Video.VideoCodec'
        'MetricDepth.Depth.DepthVideo'
        'MetricDepth.Depth.DepthScale'
        'MetricDepth.Depth.DepthComparisonResult'
        'MetricDepth.Export.DepthVideoFormat'
        'MetricDepth.Export.DepthSpacing'
        'MetricDepth.Imaging.ColormapName'
        'MetricDepth.Export.Meshes.MeshFormat'
        'MetricDepth.Tracking.PointTracks'
        'MetricDepth.Geometry.CameraPath'
        'MetricDepth.Geometry.PoseState'
        'MetricDepth.Geometry.CameraPathScale'
        'MetricDepth.Export.Cameras.CameraPathExportFormat'
        'MetricDepth.Export.Cameras.CameraPathImportFormat'
        'MetricDepth.Motion.Calibration.FieldOfViewResult'
        'MetricDepth.Motion.Calibration.FieldOfViewEvidence'
        'MetricDepth.Inference.Models.DepthModel'
        'MetricDepth.Inference.Models.ModelState'
        'MetricDepth.Inference.Models.ModelFamily'
        'MetricDepth.Inference.OutputMeaning'
        'MetricDepth.Inference.InstalledRuntime'
        'MetricDepth.Estimation.ModelExport.GraphLayout'
        'MetricDepth.Reconstruction.DepthScene'
        'MetricDepth.Rendering.StereoVideo'
        'MetricDepth.Rendering.ConvergenceDistance'
        'MetricDepth.Rendering.StereoLayout'
        'MetricDepth.Rendering.ViewVideo'
        'MetricDepth.Rendering.ViewMotion')) {
    $library.GetType($name, $true)
}
foreach ($type in $types) {
    $null = $accelerators::Remove($type.FullName)
    $accelerators::Add($type.FullName, $type)
}

# Without taking the binary module along, a later import finds it in PowerShell's table, and then neither its cmdlets nor their
# help belong to this module.
$ExecutionContext.SessionState.Module.OnRemove = {
    foreach ($type in $types) { $null = $accelerators::Remove($type.FullName) }
    Microsoft.PowerShell.Core\Remove-Module -ModuleInfo $inner -Force
}
