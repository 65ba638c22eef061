BeforeAll {
    . $PSScriptRoot/Clips.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
    $folder = (New-Item -ItemType Directory "$TestDrive/formats").FullName
    $depth = New-DepthClip $folder 'clip' -Frames 4
}

Describe 'Depth goes out and comes back' {
    It 'as <format>' -ForEach @(
        @{ format = 'Gray8'; name = 'clip.mp4_depth.mkv_grey_depth.mkv' }
        @{ format = 'Gray16'; name = 'clip.mp4_depth.mkv_grey_depth.mkv' }
        @{ format = 'Png16'; name = 'clip.mp4_depth.mkv_png' }
        @{ format = 'Exr'; name = 'clip.mp4_depth.mkv_exr' }
        @{ format = 'Npy'; name = 'clip.mp4_depth.mkv.npy' }
        @{ format = 'Npz'; name = 'clip.mp4_depth.mkv.npz' }
    ) {
        $back = $depth | Export-DepthVideo -Format $format -Force | Import-DepthVideo -Force
        $back | Should -HaveCount 1
        $back.Path | Should -Be "$folder/$($name)_depth.mkv"
        $back.FrameCount | Should -Be 4
        if ($format -notin 'Npy') { $back.HorizontalFov | Should -BeGreaterThan 62.999 -Because 'the file says it' }
        $score = Compare-DepthVideo $back.Path -ReferencePath $depth.Path
        $score.AbsRel | Should -BeLessThan ($format -eq 'Gray8' ? 0.02 : 0.001)
        $score.Coverage | Should -Be 1
    }

    It 'by wildcard, each by itself' {
        $made = Import-DepthVideo "$folder/*.np?" -Force
        $made.Name | Sort-Object | Should -Be 'clip.mp4_depth.mkv.npy_depth.mkv', 'clip.mp4_depth.mkv.npz_depth.mkv'
    }

    It 'names what cannot be read, and goes on' {
        'no archive' | Set-Content "$folder/text.npz"
        $made = Import-DepthVideo "$folder/text.npz", "$folder/clip.mp4_depth.mkv.npz" -Force -ErrorAction SilentlyContinue -ErrorVariable failed
        $made | Should -HaveCount 1
        $failed.FullyQualifiedErrorId | Should -Be 'NpyMalformed,MetricDepth.PowerShell.Commands.ImportDepthVideoCommand'
    }

    It 'takes an array by its name' {
        { Import-DepthVideo "$folder/clip.mp4_depth.mkv.npz" -ArrayName nothing -Force -ErrorAction Stop } | Should -Throw -ErrorId 'DepthArrayNotFound*'
        (Import-DepthVideo "$folder/clip.mp4_depth.mkv.npz" -ArrayName depth -MaxFrames 2 -Force).FrameCount | Should -Be 2
    }
}
