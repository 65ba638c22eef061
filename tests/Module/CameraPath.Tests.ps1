BeforeAll {
    . $PSScriptRoot/Clips.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
    # along x, one metre a frame
    0..4 | ForEach-Object { "1 0 0 $_ 0 1 0 0 0 0 1 0" } | Set-Content "$TestDrive/poses.txt"
}

Describe 'Camera paths of other programs' {
    It 'come in from a file and go out to every format' {
        $path = Get-Item "$TestDrive/poses.txt" | Import-CameraPath
        $path | Should -BeOfType ([MetricDepth.Geometry.CameraPath])
        $path.Path | Should -Be (Join-Path $TestDrive 'poses.txt_transformations.json')
        $path.Scale | Should -Be 'Metric'
        $path.Poses[4].Translation.X | Should -Be 4
        foreach ($format in 'Colmap', 'Nerfstudio', 'Tum', 'Kitti', 'Blender') {
            $files = $path | Export-CameraPath -Format $format -Width 64 -Height 48 -HorizontalFov 60 -FrameRate 25
            $files | Should -BeOfType ([System.IO.FileInfo])
            $files | ForEach-Object { $_ | Should -Exist }
        }
        (Get-Content "$TestDrive/poses.txt_kitti.txt")[3] | Should -Be '1 0 0 3 0 1 0 0 0 0 1 0'
        (Import-CameraPath "$TestDrive/poses.txt_colmap" -ScaleFactor 2).Poses[4].Translation.X | Should -Be 8
    }

    It 'go from an import to an export in one line, and as files' {
        (Import-CameraPath "$TestDrive/poses.txt" -Force | Export-CameraPath -Format Tum -FrameRate 10 -Force | Get-Content)[-1] | Should -Be '0.400000000 4 0 0 0 0 0 1'
        (Get-Item "$TestDrive/poses.txt_transformations.json" | Export-CameraPath -Format Kitti -DestinationPath "$TestDrive/k.txt").Name | Should -Be 'k.txt'
    }

    It 'are named where they cannot be read' {
        Set-Content "$TestDrive/bad.txt" "1 0 0 0 0 1 0 0 0 0 1 0`n1 0 0 0 0 1 0 0 0 0 NaN 0"
        Import-CameraPath "$TestDrive/bad.txt" -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'CameraPathMalformed,*'
        $failed[0].Exception.Message | Should -Match 'line 2'
        "$TestDrive/bad.txt_transformations.json" | Should -Not -Exist
    }

    It 'complete formats and turns' {
        (TabExpansion2 'Export-CameraPath x.json -Format ').CompletionMatches.CompletionText | Should -Contain 'Nerfstudio'
        (TabExpansion2 'Import-CameraPath x.json -Format ').CompletionMatches.CompletionText | Should -Contain 'ArKit'
        (TabExpansion2 'Import-CameraPath x.json -Rotation ').CompletionMatches.CompletionText | Should -Contain '270'
    }
}
