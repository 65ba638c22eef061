@{
    RootModule           = 'module/MetricDepth.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = 'a16b72c4-d329-4245-95b8-b329081c4bb2'
    Author               = 'The MetricDepth authors'
    CompanyName          = 'The MetricDepth authors'
    Copyright            = '(c) The MetricDepth authors. MIT licence.'
    Description          = 'Turns ordinary video into metric depth video (every pixel in metres), and that depth into stereo 3D, new viewpoints, camera paths, point clouds, meshes and whole scenes.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('module/MetricDepth.Format.ps1xml')
    TypesToProcess       = @('module/MetricDepth.Types.ps1xml')
    FunctionsToExport    = @()
    CmdletsToExport      = @(
        'Compare-DepthVideo'
        'ConvertTo-MetricDepth'
        'Export-CameraPath'
        'Export-DepthModel'
        'Export-DepthMesh'
        'Export-DepthPointCloud'
        'Export-DepthVideo'
        'Get-DepthModel'
        'Get-DepthVideo'
        'Get-PointTrack'
        'Import-CameraPath'
        'Import-DepthVideo'
        'Install-DepthModel'
        'Invoke-DepthRender'
        'Invoke-StereoRender'
        'Measure-CameraPose'
        'Measure-FieldOfView'
        'New-DepthScene'
        'Uninstall-DepthModel'
    )
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('Video', 'Depth', 'Stereo', '3D', 'VR', 'PointCloud', 'ffmpeg', 'ONNX', 'PSEdition_Core', 'Linux', 'Windows', 'MacOS')
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
