BeforeAll {
    . $PSScriptRoot/Clips.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
    $clip = New-SceneClip walk "$TestDrive/walk.mp4"
}

Describe 'Where the camera was' {
    BeforeEach {
        if (-not $clip) { Set-ItResult -Skipped -Because 'the scenes are not built' }
    }

    It 'goes from a clip to a path in one line' {
        $path = Get-PointTrack $clip | Measure-CameraPose -HorizontalFov 66 -WarningAction SilentlyContinue
        $path | Should -BeOfType ([MetricDepth.Geometry.CameraPath])
        $path.Path | Should -Be "$($clip.FullName)_transformations.json"
        $path.Scale | Should -Be 'Relative'
        $path.Frames[0].State | Should -Be 'Solved'
        (Get-Content $path.Path | ConvertFrom-Json).Count | Should -Be $path.FrameCount
        $script:path = $path
    }

    It 'gives points by frame, and does not unroll into them' {
        $tracks = Get-PointTrack $clip -Force
        @($tracks).Count | Should -Be 1
        $tracks | Should -BeOfType ([MetricDepth.Tracking.PointTracks])
        $tracks[3].Count | Should -BeGreaterThan 50
        $tracks[3][0].X | Should -BeOfType double
        $tracks[-1].Count | Should -Be $tracks[$tracks.FrameCount - 1].Count
        $tracks[100000] | Should -BeNullOrEmpty -Because "that is how PowerShell indexes"
    }

    It 'takes tracks as an object, a path and a file' {
        $tracks = Get-PointTrack $clip -Force
        foreach ($source in { $tracks }, { $tracks.Path }, { Get-Item $tracks.Path }) {
            (& $source | Measure-CameraPose -HorizontalFov 66 -DestinationPath "$TestDrive/from.json" -Force -WarningAction SilentlyContinue).FrameCount | Should -Be $tracks.FrameCount
        }
    }

    It 'hands a path to -CameraPath' {
        $depth = ConvertTo-MetricDepth $clip.FullName -CameraPath $path -HorizontalFov 66 -InputSize 144 -Force -WarningAction SilentlyContinue
        $depth.FrameCount | Should -BeGreaterThan 10
        $depth.Scale | Should -Be 'Assumed' -Because 'the path is right up to one factor'
        (Invoke-StereoRender $depth.Path -CameraPath $path -MaxFrames 2 -DestinationPath "$TestDrive/steady.mkv").FrameCount | Should -Be 2
        $again = Measure-CameraPose "$($clip.FullName)_tracking.json" -DepthVideo $depth -Visualize -WarningAction SilentlyContinue
        $again.Path | Should -Be "$($depth.Path)_transformations.json"
        "$($depth.Path)_transformations.mp4" | Should -Exist
    }

    It 'completes numbers of points and steps of grids' {
        (TabExpansion2 'Get-PointTrack x.mp4 -MaxPoints ').CompletionMatches.CompletionText | Should -Contain '600'
        (TabExpansion2 'Get-PointTrack x.mp4 -Grid ').CompletionMatches.CompletionText | Should -Contain '16'
    }
}
