BeforeAll {
    . $PSScriptRoot/Clips.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
}

Describe 'From a video to stereo and points' {
    BeforeAll {
        $walk = New-SceneClip walk "$TestDrive/walk.mp4"
    }

    It 'takes two commands' {
        if (-not $walk) { Set-ItResult -Skipped -Because 'tests/MetricDepth.Scenes is not built'; return }
        $stereo = Get-ChildItem "$TestDrive/*.mp4" | ConvertTo-MetricDepth -HorizontalFov 63 -MedianDepth 3 -OutVariable depth | Invoke-StereoRender -Layout TopBottom
        $depth[0].Name | Should -Be 'walk.mp4_depth.mkv'
        $depth[0].Scale | Should -Be 'Metric'
        $depth[0].Estimator | Should -Be 'MotionStereo'
        $depth[0].Quality['ReprojectionError'] | Should -BeLessThan 1
        $stereo.Name | Should -Be 'walk.mp4_depth.mkv_stereo.mkv'
        $stereo.Size | Should -Be '320x360'
        $stereo.FrameCount | Should -Be 30
        $stereo.HasAudio | Should -BeTrue
        ($depth | Export-DepthPointCloud -First 1).Directory.Name | Should -Be 'walk.mp4_depth.mkv_points'
    }

    It 'says so when the metres are assumed' {
        if (-not $walk) { Set-ItResult -Skipped -Because 'tests/MetricDepth.Scenes is not built'; return }
        $depth = ConvertTo-MetricDepth $walk.FullName -HorizontalFov 63 -InputSize 96 -DestinationPath "$TestDrive/assumed.mkv" -WarningVariable warnings -WarningAction SilentlyContinue
        $depth.Scale | Should -Be 'Assumed'
        @($warnings -match 'MedianDepth') | Should -HaveCount 1
    }

    It 'refuses a camera that only turns' {
        $turning = New-SceneClip turning "$TestDrive/turning.mp4"
        if (-not $turning) { Set-ItResult -Skipped -Because 'tests/MetricDepth.Scenes is not built'; return }
        $turning | ConvertTo-MetricDepth -HorizontalFov 63 -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'InsufficientParallax,*'
        $failed[0].CategoryInfo.Category | Should -Be 'InvalidOperation'
        Get-ChildItem "$TestDrive/turning.mp4_*" | Should -BeNullOrEmpty
    }
}

Describe 'A model in place of motion stereo' {
    BeforeAll {
        $empty = $env:METRICDEPTH_HOME
        $env:METRICDEPTH_HOME = "$TestDrive/home"
        $checkpoint = "$RepositoryRoot/tests/MetricDepth.Tests/Fixtures/Models/dav2_metric_tiny.pth"
        Install-DepthModel Tiny-Metric -Path $checkpoint -Family DepthAnythingV2 -Output Depth -Metric -MaxDepth 20 -Heads 3 -WarningAction SilentlyContinue
        $clip = New-ColorClip "$TestDrive/still.mp4"
    }

    AfterAll {
        $env:METRICDEPTH_HOME = $empty
    }

    It 'is taken because it is installed, and says so' {
        $said = ConvertTo-MetricDepth $clip.FullName -HorizontalFov 63 -InputSize 70 -Device Cpu -Force -Verbose 4>&1
        $depth = $said | Where-Object Estimator
        $depth.Estimator | Should -Be 'Tiny-Metric'
        $depth.Scale | Should -Be 'Metric'
        $depth.FrameCount | Should -Be 6
        @($said -match '^Tiny-Metric estimates: it is the best') | Should -HaveCount 1
    }

    It 'is offered by Tab' {
        $line = 'ConvertTo-MetricDepth clip.mp4 -Model T'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain 'Tiny-Metric'
        $line = 'ConvertTo-MetricDepth clip.mp4 -Model '
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText[0..1] | Should -Be 'Auto', 'MotionStereo'
        $line = 'ConvertTo-MetricDepth clip.mp4 -OutputMeaning '
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'Depth', 'Disparity', 'InverseDepth'
    }

    It 'that is not installed comes with the line that installs it' {
        ConvertTo-MetricDepth $clip.FullName -Model VideoDepthAnything-Small -DestinationPath "$TestDrive/none.mkv" -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'ModelNotInstalled,*'
        "$($failed[0])" | Should -BeLike '*Install-DepthModel VideoDepthAnything-Small*'
    }
}
