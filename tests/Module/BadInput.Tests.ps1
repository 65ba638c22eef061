BeforeAll {
    . $PSScriptRoot/Clips.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
    $folder = (New-Item -ItemType Directory "$TestDrive/bad").FullName
    $depth = New-DepthClip $folder 'good'
    'this is not a video' | Set-Content "$folder/text.mp4"
    $null = New-Item -ItemType File "$folder/zero.mp4"
    [System.IO.File]::WriteAllBytes("$folder/cut.mkv", [System.IO.File]::ReadAllBytes($depth.Path)[0..400])
    Push-Location $folder
}

AfterAll { Pop-Location }

Describe 'One bad input' {
    It '<id> for <what>, and the rest goes on' -ForEach @(
        @{ id = 'FileNotFound'; what = 'nowhere.mkv'; category = 'ObjectNotFound' }
        @{ id = 'FileNotFound'; what = 'no*where.mkv'; category = 'ObjectNotFound' }
        @{ id = 'NotAVideo'; what = 'text.mp4'; category = 'InvalidData' }
        @{ id = 'NotAVideo'; what = 'zero.mp4'; category = 'InvalidData' }
        @{ id = 'NotADepthVideo'; what = 'good.mp4'; category = 'InvalidData' }
        @{ id = 'PathIsFolder'; what = '.'; category = 'InvalidArgument' }
        @{ id = 'FileNotFound'; what = 'Env:PATH'; category = 'ObjectNotFound' }
    ) {
        $found = Get-DepthVideo $what, good.mp4_depth.mkv -ErrorAction SilentlyContinue -ErrorVariable failed
        $found.Path | Should -Be $depth.Path
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -Be "$id,MetricDepth.PowerShell.Commands.GetDepthVideoCommand"
        $failed[0].CategoryInfo.Category | Should -Be $category
        "$($failed[0].TargetObject)" | Should -BeLike "*$($what -eq '.' ? 'bad' : $what.Replace('*', '`*'))"
    }

    It 'is an error for a file cut short, not a hang' {
        Get-DepthVideo cut.mkv, good.mp4_depth.mkv -ErrorAction SilentlyContinue -ErrorVariable failed | Should -HaveCount 1
        $failed | Should -HaveCount 1
    }

    It 'does not stop ConvertTo-MetricDepth' {
        Get-Item text.mp4, zero.mp4 | ConvertTo-MetricDepth -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed.FullyQualifiedErrorId | Should -Be (@('NotAVideo,MetricDepth.PowerShell.Commands.ConvertToMetricDepthCommand') * 2)
        Get-ChildItem $folder -Filter '*.mp4_depth*' | Should -HaveCount 1 -Because 'only the good one is there'
    }

    It 'stops the pipeline when the user wants that' {
        { Get-DepthVideo text.mp4, good.mp4_depth.mkv -ErrorAction Stop } | Should -Throw -ErrorId 'NotAVideo,*'
    }

    It 'names a colour video of another shape' {
        $null = New-ColorClip "$folder/other.mp4" -Size '64x64'
        $depth | Invoke-StereoRender -ColorPath other.mp4 -DestinationPath x.mkv -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'ColorSizeMismatch,*'
        'x.mkv' | Should -Not -Exist
    }

    It 'names images of several sizes' {
        $images = New-Item -ItemType Directory images
        Invoke-Ffmpeg -i file:good-mm.mkv '-frames:v' 1 "$images/1.png"
        Invoke-Ffmpeg -i file:good-mm.mkv '-frames:v' 1 -vf scale=32:32 "$images/2.png"
        Import-DepthVideo $images -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'SizesDiffer,*'
    }

    It 'says what is missing: <id>' -ForEach @(
        @{ id = 'FileNotFound'; line = { Get-DepthVideo good.mp4_depth.mkv | Invoke-StereoRender -ColorPath gone.mp4 -ErrorAction SilentlyContinue -ErrorVariable script:failed } }
        @{ id = 'FileNotFound'; line = { ConvertTo-MetricDepth good.mp4 -CameraPath gone.json -DestinationPath y.mkv -ErrorAction SilentlyContinue -ErrorVariable script:failed } }
        @{ id = 'FileNotFound'; line = { Compare-DepthVideo good.mp4_depth.mkv gone.mkv -ErrorAction SilentlyContinue -ErrorVariable script:failed } }
        @{ id = 'DestinationFolderNotFound'; line = { Invoke-StereoRender good.mp4_depth.mkv 'gone/x.mkv' -ErrorAction SilentlyContinue -ErrorVariable script:failed } }
    ) {
        & $line | Should -BeNullOrEmpty
        $script:failed[0].FullyQualifiedErrorId | Should -BeLike "$id,*"
    }

    It 'cannot write into a read-only folder' -Skip:($IsWindows -or (id -u) -eq '0') {
        $locked = New-Item -ItemType Directory locked
        chmod 555 $locked
        $depth | Invoke-StereoRender -DestinationPath "$locked/x.mkv" -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed[0].CategoryInfo.Category | Should -BeIn 'PermissionDenied', 'WriteError'
    }

    It 'reports a full disk and leaves nothing' -Skip:(-not $IsLinux -or (id -u) -ne '0') {
        $small = New-Item -ItemType Directory small
        mount -t tmpfs -o size=64k tmpfs $small 2>$null
        if ($LASTEXITCODE -ne 0) { Set-ItResult -Skipped -Because 'file systems cannot be mounted here'; return }
        try {
            $big = New-DepthClip $folder 'big' -Frames 20 -Size '320x240'
            $big | Invoke-StereoRender -DestinationPath "$small/x.mkv" -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
            $failed[0].FullyQualifiedErrorId | Should -BeLike 'DiskFull,*'
            $failed[0].CategoryInfo.Category | Should -Be 'WriteError'
            Get-ChildItem $small -Force | Should -BeNullOrEmpty
        }
        finally { umount $small }
    }
}
