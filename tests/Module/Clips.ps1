# Small clips for the tests, made by ffmpeg's own generators. Dot-sourced by the tests' BeforeAll.

$RepositoryRoot = Split-Path (Split-Path $PSScriptRoot)
$Cmdlets = 'Compare-DepthVideo', 'ConvertTo-MetricDepth', 'Export-CameraPath', 'Export-DepthMesh', 'Export-DepthModel',
    'Export-DepthPointCloud', 'Export-DepthVideo', 'Get-DepthModel', 'Get-DepthVideo', 'Get-PointTrack',
    'Import-CameraPath', 'Import-DepthVideo', 'Install-DepthModel', 'Invoke-DepthRender', 'Invoke-StereoRender',
    'Measure-CameraPose', 'Measure-FieldOfView', 'New-DepthScene', 'Uninstall-DepthModel'

# No test sees the models of whoever runs it: which of them is used by default would change results.
$env:METRICDEPTH_HOME = Join-Path ([IO.Path]::GetTempPath()) "metricdepth-no-models-$PID"

function Invoke-Ffmpeg {
    ffmpeg -hide_banner -loglevel error -y @args
    if ($LASTEXITCODE -ne 0) { throw "ffmpeg failed: $args" }
}

# A colour clip with sound.
function New-ColorClip([string] $Path, [int] $Frames = 6, [string] $Size = '64x48') {
    Invoke-Ffmpeg -f lavfi -i "testsrc2=size=${Size}:rate=30" -f lavfi -i 'sine=frequency=440' '-frames:v' $Frames -shortest `
        '-c:v' libx264 -pix_fmt yuv420p '-c:a' aac "file:$Path"
    Get-Item -LiteralPath $Path
}

# 16-bit depth in millimetres: a slanted wall from 1 m to 3 m, with a hole (0) in its upper left corner.
function New-SensorClip([string] $Path, [int] $Frames = 6, [string] $Size = '64x48') {
    Invoke-Ffmpeg -f lavfi -i "color=size=${Size}:rate=30,format=gray16le,geq=lum='if(lt(X+Y\,W/4)\,0\,1000+2000*X/W)'" '-frames:v' $Frames '-c:v' ffv1 "file:$Path"
    Get-Item -LiteralPath $Path
}

# A depth video with its colour clip beside it.
function New-DepthClip([string] $Folder, [string] $Name = 'clip', [int] $Frames = 6, [string] $Size = '64x48') {
    $color = New-ColorClip (Join-Path $Folder "$Name.mp4") $Frames $Size
    $sensor = New-SensorClip (Join-Path $Folder "$Name-mm.mkv") $Frames $Size
    Import-DepthVideo -LiteralPath $sensor.FullName -ColorPath $color.FullName -HorizontalFov 63 -DestinationPath "$($color.FullName)_depth.mkv"
}

# A clip of a ray-cast scene (tests/MetricDepth.Scenes); nothing where that is not built. Working out a scene's light takes
# many times longer than filming it, so a clip is made once for each build of the scenes and then copied.
function New-SceneClip([string] $Scene, [string] $Path) {
    $program = Get-ChildItem "$RepositoryRoot/out/build/bin/MetricDepth.Scenes/*/MetricDepth.Scenes.dll" -ErrorAction Ignore |
        Sort-Object LastWriteTime | Select-Object -Last 1
    if (-not $program) { return }
    $reel = Join-Path $RepositoryRoot 'out' 'test' 'scenes'
    $film = Join-Path $reel "$Scene.mp4"
    $newest = (Get-ChildItem $program.Directory -Filter MetricDepth*.dll | Measure-Object LastWriteTime -Maximum).Maximum
    if (-not (Test-Path $film) -or (Get-Item $film).LastWriteTime -lt $newest) {
        $null = New-Item -ItemType Directory $reel -Force
        $null = dotnet $program.FullName $Scene $film --size 320x180 --seconds 1.2
        if ($LASTEXITCODE -ne 0) { throw "The scene '$Scene' was not filmed." }
    }
    Copy-Item -LiteralPath $film $Path
    Get-Item -LiteralPath $Path
}
