BeforeAll {
    . $PSScriptRoot/Clips.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
    $clip = New-SceneClip walk "$TestDrive/walk.mp4"
}

Describe 'One mesh of a whole scene' {
    BeforeEach {
        if (-not $clip) { Set-ItResult -Skipped -Because 'the scenes are not built' }
    }

    It 'goes from a clip to its scene' {
        $depth = ConvertTo-MetricDepth $clip.FullName -HorizontalFov 66 -InputSize 144 -Confidence -Force -WarningAction SilentlyContinue
        $path = Get-PointTrack $clip -Force | Measure-CameraPose -DepthVideo $depth -WarningAction SilentlyContinue
        $path.Path | Should -Be "$($depth.Path)_transformations.json"
        $scene = $depth | New-DepthScene
        $scene | Should -BeOfType ([MetricDepth.Reconstruction.DepthScene])
        $scene.Path | Should -Be "$($depth.Path)_scene.glb"
        $scene.TriangleCount | Should -BeGreaterThan 100
        (Get-Item $scene.Path).Length | Should -BeGreaterThan 1000
        ($scene | Format-Table | Out-String) | Should -Match 'Triangles'
        { New-DepthScene $depth.Path -ErrorAction Stop } | Should -Throw -ErrorId 'DestinationExists*'
        $ply = New-DepthScene $depth.Path "$TestDrive/scene.ply" -CameraPath $path -MemoryLimit 1GB
        $ply.VertexCount | Should -Be $scene.VertexCount -Because 'no frame of this path is guessed'
        [IO.File]::ReadAllText($ply.Path).StartsWith('ply') | Should -BeTrue
    }

    It 'says what to do about a clip without a path' {
        $lost = New-Item -ItemType Directory "$TestDrive/lost"
        Copy-Item "$($clip.FullName)_depth.mkv" "$lost/d.mkv"
        { New-DepthScene "$lost/d.mkv" -ErrorAction Stop } | Should -Throw -ErrorId 'CameraPathMissing*' -ExpectedMessage '*Measure-CameraPose*'
    }

    It 'completes voxel sizes' {
        (TabExpansion2 'New-DepthScene x.mkv -VoxelSize ').CompletionMatches.CompletionText | Should -Contain '0.02'
        (TabExpansion2 'New-DepthScene x.mkv -MemoryLimit ').CompletionMatches.CompletionText | Should -Contain '2GB'
    }
}
