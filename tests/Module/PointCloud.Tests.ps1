BeforeAll {
    . $PSScriptRoot/Clips.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
    $folder = (New-Item -ItemType Directory "$TestDrive/clouds").FullName
    $depth = New-DepthClip $folder
    "[$(@('[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]') * 6 -join ',')]" | Set-Content "$folder/path.json"

    function Read-Header([string] $Path) { (Get-Content -LiteralPath $Path -TotalCount 20 -Encoding ascii) -join "`n" }
}

Describe 'Exporting point clouds' {
    It 'gives files that PowerShell knows the size of' {
        $files = $depth | Export-DepthPointCloud -Frame 4, 1 -Normals -Ascii
        $files.Name | Should -Be '0000001.ply', '0000004.ply'
        $files | Should -BeOfType ([System.IO.FileInfo])
        ($files | Measure-Object Length -Sum).Sum | Should -BeGreaterThan 100000
        Read-Header $files[0].FullName | Should -Match '(?s)format ascii 1.0.*element vertex \d+.*property float nx.*property uchar red'
    }

    It 'merges frames into one file whose name tells the format' {
        $las = $depth | Export-DepthPointCloud -Merge -CameraPath "$folder/path.json" -VoxelSize 0.05 -DestinationPath "$TestDrive/room.las"
        $las.FullName | Should -Be (Join-Path $TestDrive 'room.las')
        [System.Text.Encoding]::ASCII.GetString([System.IO.File]::ReadAllBytes($las.FullName), 0, 4) | Should -Be 'LASF'
        (Export-DepthPointCloud $depth.Path -Merge -CameraPath "$folder/path.json").Name | Should -Be 'clip.mp4_depth.mkv_points.ply'
    }

    It 'completes the widths of cells and the formats' {
        $line = 'Export-DepthPointCloud x.mkv -Merge -VoxelSize '
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain '0.02'
        $line = 'Export-DepthPointCloud x.mkv -Format '
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'Las', 'Ply'
    }

    It 'warns of merging without a camera path' {
        $null = $depth | Export-DepthPointCloud -Merge -DestinationPath "$TestDrive/still.ply" -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Match '-CameraPath'
    }

    It 'says how much disk it takes and writes nothing with -WhatIf' {
        $script = { $depth | Export-DepthPointCloud -DestinationPath "$TestDrive/never" -WhatIf }
        $transcript = "$TestDrive/whatif.txt"
        Start-Transcript $transcript | Out-Null
        & $script
        Stop-Transcript | Out-Null
        Get-Content $transcript -Raw | Should -Match '\(6 files, up to \d+ kB\)'
        "$TestDrive/never" | Should -Not -Exist
    }

    It 'refuses <line> with <id>' -ForEach @(
        @{ line = '-Format Las -Normals'; id = 'NormalsNotInFormat' }
        @{ line = '-Format Las -Ascii'; id = 'AsciiNotInFormat' }
        @{ line = '-VoxelSize 0.1'; id = 'MergeMissing' }
        @{ line = '-LockFrame 2'; id = 'CameraPathMissing' }
    ) {
        Invoke-Expression "`$depth | Export-DepthPointCloud -DestinationPath '$TestDrive/refused' $line -ErrorAction SilentlyContinue -ErrorVariable errors"
        $errors[0].FullyQualifiedErrorId | Should -BeLike "$id,*"
        "$TestDrive/refused" | Should -Not -Exist
    }
}
