BeforeAll {
    . $PSScriptRoot/Clips.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
    $folder = (New-Item -ItemType Directory "$TestDrive/depth").FullName
    $depth = New-DepthClip $folder
    Copy-Item $depth.Path "$folder/second.mp4_depth.mkv"
    '[[[1, 10, 20], [2, 30, 20]], [[1, 11, 20], [2, NaN, 20]]]' | Set-Content "$folder/clip.mp4_tracking.json"
    '[[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]]' | Set-Content "$folder/path.json"
}

Describe 'Importing sensor depth' {
    It 'gives a typed object with the facts' {
        $depth | Should -BeOfType ([MetricDepth.Depth.DepthVideo])
        $depth.Size | Should -Be '64x48'
        $depth.FrameCount | Should -Be 6
        $depth.FramesPerSecond | Should -Be 30
        $depth.HorizontalFov | Should -Be 63
        $depth.Scale | Should -Be 'Metric'
        $depth.ColorPath | Should -Be "$folder/clip.mp4"
    }

    It 'is read back with the same facts' {
        $again = Get-DepthVideo $depth.Path
        foreach ($fact in 'Path', 'ColorPath', 'Size', 'FrameCount', 'MaxDepth', 'HorizontalFov', 'Scale') { $again.$fact | Should -Be $depth.$fact }
    }

    It 'takes a folder of images as a sequence' {
        $images = New-Item -ItemType Directory "$TestDrive/images"
        Invoke-Ffmpeg -i "file:$folder/clip-mm.mkv" '-frames:v' 3 "$images/frame%d.png"
        $sequence = Import-DepthVideo $images -FrameRate 15
        $sequence.FrameCount | Should -Be 3
        $sequence.FramesPerSecond | Should -Be 15
        $again = Import-DepthVideo $images -Force
        (Compare-DepthVideo $again.Path $depth.Path -MaxFrames 3).Rmse | Should -BeLessThan 0.0004 # one step of 20 m
    }

    It 'warns when images are imported one by one' {
        Import-DepthVideo "$TestDrive/images/*.png" -DestinationPath "$TestDrive/single/" -WarningVariable warnings -WarningAction SilentlyContinue | Should -HaveCount 3
        $warnings | Should -HaveCount 1
    }
}

Describe 'Binding' {
    It 'takes <what>' -ForEach @(
        @{ what = 'a DepthVideo object'; line = { $depth } }
        @{ what = 'a path as text'; line = { $depth.Path } }
        @{ what = 'a file from Get-ChildItem'; line = { Get-ChildItem $depth.Path } }
        @{ what = 'a bare FileInfo'; line = { [System.IO.FileInfo] $depth.Path } }
        @{ what = 'an object with a Path'; line = { [pscustomobject] @{ Path = $depth.Path } } }
        @{ what = 'an object with a DepthVideo'; line = { [pscustomobject] @{ DepthVideo = $depth; Path = 'elsewhere.mkv' } } }
    ) {
        $stereo = & $line | Invoke-StereoRender -MaxFrames 1 -DestinationPath "$TestDrive/bound.mkv" -Force
        $stereo.DepthVideo.Path | Should -Be $depth.Path
        $stereo.FrameCount | Should -Be 1
    }

    It 'takes a path and a destination by position' {
        (Invoke-StereoRender $depth.Path "$TestDrive/positional.mkv" -MaxFrames 1).Path | Should -Be "$TestDrive/positional.mkv"
    }

    It 'exports the depth of a stereo video, not the stereo video' {
        $stereo = $depth | Invoke-StereoRender -MaxFrames 1 -DestinationPath "$TestDrive/for-export.mkv"
        $stereo | Export-DepthPointCloud -First 1 -WhatIf *>&1 | Should -BeNullOrEmpty -Because 'WhatIf goes to the host'
        ($stereo | Export-DepthPointCloud -First 1 -DestinationPath "$TestDrive/cloud").Name | Should -BeLike '*.ply'
    }

    It 'takes wildcards in -Path, and only there' {
        @(Get-DepthVideo "$folder/*_depth.mkv").Name | Should -Be 'clip.mp4_depth.mkv', 'second.mp4_depth.mkv'
        Get-DepthVideo -LiteralPath "$folder/*_depth.mkv" -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
    }

    It 'reads relative paths from where PowerShell is' {
        Push-Location $folder
        try { (Get-DepthVideo clip.mp4_depth.mkv).Path | Should -Be $depth.Path } finally { Pop-Location }
    }

    It 'takes the name <_>' -ForEach 'a [1].mkv', '%d 100%.mkv', '-y.mkv', "it's `$x;&ä☃.mkv" {
        Copy-Item -LiteralPath $depth.Path "$TestDrive/$_"
        Push-Location $TestDrive
        try {
            (Get-DepthVideo -Path $_).Name | Should -Be $_
            (Get-ChildItem -LiteralPath $_ | Invoke-StereoRender -MaxFrames 1 -ColorPath $depth.ColorPath).Name | Should -Be "${_}_stereo.mkv"
        }
        finally { Pop-Location }
    }

    It 'takes a colon in a name' -Skip:$IsWindows {
        Copy-Item -LiteralPath $depth.Path "$TestDrive/a:b.mkv"
        Push-Location $TestDrive
        try { (Get-DepthVideo 'a:b.mkv' | Invoke-StereoRender -MaxFrames 1 -ColorPath $depth.ColorPath).Name | Should -Be 'a:b.mkv_stereo.mkv' } finally { Pop-Location }
    }
}

Describe 'Rendering and exporting' {
    It 'renders <layout> at <size>' -ForEach @(
        @{ layout = 'SideBySide'; size = '128x48' }
        @{ layout = 'HalfSideBySide'; size = '64x48' }
        @{ layout = 'TopBottom'; size = '64x96' }
        @{ layout = 'HalfTopBottom'; size = '64x48' }
        @{ layout = 'Anaglyph'; size = '64x48' }
        @{ layout = 'CrossEyed'; size = '128x48' }
        @{ layout = 'Interlaced'; size = '64x48' }
        @{ layout = 'Checkerboard'; size = '64x48' }
        @{ layout = 'RightEye'; size = '64x48' }
        @{ layout = 'Vr180'; size = '352x176' } # pi times a focal length of 52.2 px, in blocks of 16
        @{ layout = 'Touchly0'; size = '528x176' }
        @{ layout = 'Touchly1'; size = '64x96' }
    ) {
        $stereo = $depth | Invoke-StereoRender -Layout $layout -DestinationPath "$TestDrive/$layout.mkv"
        $stereo | Should -BeOfType ([MetricDepth.Rendering.StereoVideo])
        $stereo.Size | Should -Be $size
        $stereo.FrameCount | Should -Be 6
        $stereo.Layout | Should -Be $layout
        $stereo.HasAudio | Should -BeTrue
    }

    It 'puts the screen at <_>' -ForEach 2.5, 2, '2.5', 'Auto' {
        $stereo = $depth | Invoke-StereoRender -ConvergenceDistance $_ -MaxFrames 2 -DestinationPath "$TestDrive/converged.mkv" -Force
        "$($stereo.ConvergenceDistance)" | Should -Be "$_"
        $stereo.MaxDisparityPercent | Should -BeGreaterThan $stereo.MinDisparityPercent
        $stereo | Format-Table | Out-String | Should -Match '\d\.\d %'
    }

    It 'refuses a screen that is neither a number nor Auto' {
        { $depth | Invoke-StereoRender -ConvergenceDistance far } | Should -Throw -ErrorId 'CannotConvertArgument*,*' -ExceptionType ([System.Management.Automation.ParameterBindingException])
    }

    It 'completes <line> with <first>' -ForEach @(
        @{ line = 'Invoke-StereoRender -ConvergenceDistance a'; first = 'Auto' }
        @{ line = 'Invoke-StereoRender -Layout Tou'; first = 'Touchly0' }
        @{ line = 'Invoke-StereoRender -Codec h'; first = 'H264' }
        @{ line = 'Invoke-StereoRender -ConstantRateFactor '; first = '16' }
    ) {
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches[0].CompletionText | Should -Be $first
    }

    It 'writes the depth of the stereo picture, which opens as a depth video' {
        $stereo = $depth | Invoke-StereoRender -DepthOutput -Layout TopBottom -MaxFrames 2 -DestinationPath "$TestDrive/with-depth.mkv"
        $own = Get-DepthVideo $stereo.DepthOutputPath
        $own.Size | Should -Be '64x96'
        $own.ColorPath | Should -Be $stereo.Path
    }

    It 'compresses as asked for and tells players what it is' {
        $stereo = $depth | Invoke-StereoRender -Layout Vr180 -EyeSize 128 -Codec H264 -ConstantRateFactor 30 -MaxFrames 2 -DestinationPath "$TestDrive/clip_180_LR.mp4"
        $stereo.Codec | Should -Be 'h264'
        $side = (ffprobe -v error -show_streams -of json $stereo.Path | ConvertFrom-Json).streams.side_data_list.side_data_type
        $side | Should -Contain 'Stereo 3D'
        $side | Should -Contain 'Spherical Mapping'
    }

    It 'renders from another viewpoint, by position and target' {
        $view = $depth | Invoke-DepthRender -Position 0.1, 0, -0.2 -Target 0, 0, 2 -BackgroundColor Lime -DestinationPath "$TestDrive/view.mkv"
        $view | Should -BeOfType ([MetricDepth.Rendering.ViewVideo])
        $view.Size | Should -Be '64x48'
        $view.FrameCount | Should -Be 6
        $view.HasAudio | Should -BeTrue
        $view.DepthVideo.Path | Should -Be $depth.Path
        $view.HoleShare | Should -BeGreaterThan 0
    }

    It 'renders still images as files that other commands find' {
        $files = Invoke-DepthRender $depth.Path -Position 0.1, 0, 0 -Frame 4, 1 -Supersampling 2 -DestinationPath "$TestDrive/stills/"
        $files.Name | Should -Be 'clip.mp4_depth.mkv_render_0000001.png', 'clip.mp4_depth.mkv_render_0000004.png'
        $files | Should -BeOfType ([System.IO.FileInfo])
        $files | ForEach-Object { $_.PSPath | Should -Not -BeNullOrEmpty; $_.Length | Should -BeGreaterThan 100 }
    }

    It 'makes a frame come alive for one loop' {
        $view = $depth | Invoke-DepthRender -Frame 2 -Motion Sway -Amplitude 0.1 -Period 0.5 -Compressed -DestinationPath "$TestDrive/alive.mp4"
        $view.FrameCount | Should -Be 15
        $view.Motion | Should -Be 'Sway'
        $view.HasAudio | Should -BeFalse
    }

    It 'refuses a viewpoint that shows nothing: <id>' -ForEach @(
        @{ id = 'TargetIsPosition'; parameters = @{ Position = 0, 0, 2; Target = 0, 0, 2 } }
        @{ id = 'NothingInView'; parameters = @{ Position = 0, 0, -1; Target = 0, 0, -2 } }
        @{ id = 'ViewpointOutOfRange'; parameters = @{ Position = 0, [double]::NaN, 0 } }
        @{ id = 'ViewpointMissing'; parameters = @{} }
    ) {
        $depth | Invoke-DepthRender @parameters -DestinationPath "$TestDrive/nothing.mkv" -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed[0].FullyQualifiedErrorId | Should -BeLike "$id,*"
        "$TestDrive/nothing.mkv" | Should -Not -Exist
    }

    It 'completes motions and colours' {
        (TabExpansion2 'Invoke-DepthRender x.mkv -Motion ').CompletionMatches.CompletionText | Should -Be 'Dolly', 'Orbit', 'Sway'
        (TabExpansion2 'Invoke-DepthRender x.mkv -BackgroundColor Li').CompletionMatches.CompletionText | Should -Be 'Lime'
    }

    It 'gives point clouds as files, each as it is done' {
        $files = $depth | Export-DepthPointCloud -Every 2 -DestinationPath "$TestDrive/ply"
        $files | Should -HaveCount 3
        $files | Should -BeOfType ([System.IO.FileInfo])
        # as Get-ChildItem gives them: tables show their size, and other commands find them
        $files | ForEach-Object { $_.PSPath | Should -Not -BeNullOrEmpty }
        Get-Content $files[0] -TotalCount 2 | Should -Be 'ply', 'format binary_little_endian 1.0'
        $depth | Export-DepthPointCloud -DestinationPath "$TestDrive/first" | Select-Object -First 1 | Should -HaveCount 1
        @(Get-ChildItem "$TestDrive/first").Where({ $_.Name -notlike '*.ply' }) | Should -BeNullOrEmpty
    }

    It 'gives grey video as a file, and PNG files as their folder, which come back as depth' {
        $file = $depth | Export-DepthVideo -Format Gray16 -DestinationPath "$TestDrive/grey.mkv"
        $file | Should -BeOfType ([System.IO.FileInfo])
        $file.Length | Should -BeGreaterThan 0
        $images = $depth | Export-DepthVideo -Format Png16 -Every 2 -DestinationPath "$TestDrive/png"
        $images | Should -BeOfType ([System.IO.DirectoryInfo])
        $images.PSPath | Should -Not -BeNullOrEmpty
        (Get-ChildItem $images).Name | Should -Be '0000000.png', '0000002.png', '0000004.png'
        $back = $file, $images | Import-DepthVideo
        $back.FrameCount | Should -Be 6, 3
        $back.MaxDepth | Should -Be $depth.MaxDepth, $depth.MaxDepth
        Get-DepthVideo $file.FullName -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed.FullyQualifiedErrorId | Should -BeLike 'NotADepthVideo,*'
    }

    It 'makes a video in colours, beside the colour video' {
        $depth | Export-DepthVideo -Format Preview -Colormap ([MetricDepth.Imaging.ColormapName]::Viridis) -SideBySide -DestinationPath "$TestDrive/colours.mp4" |
            Should -BeOfType ([System.IO.FileInfo])
    }

    It 'gives meshes as files, an OBJ with its material and texture' {
        $files = $depth | Export-DepthMesh -Frame 1, 4 -Format Obj -Normals -DestinationPath "$TestDrive/obj"
        $files.Name | Should -Be '0000001.obj', '0000004.obj'
        $files | ForEach-Object { $_.PSPath | Should -Not -BeNullOrEmpty }
        (Get-ChildItem "$TestDrive/obj").Name | Should -Be '0000001.mtl', '0000001.obj', '0000001.png', '0000004.mtl', '0000004.obj', '0000004.png'
        (Get-Content $files[0])[2] | Should -Be 'mtllib 0000001.mtl'
        $large = $depth | Export-DepthMesh -First 1 -Format ([MetricDepth.Export.Meshes.MeshFormat]::Glb) -DestinationPath "$TestDrive/large"
        $small = Get-ChildItem $depth.Path | Export-DepthMesh -First 1 -Decimate 16 -DestinationPath "$TestDrive/small"
        $small.Length | Should -BeLessThan $large.Length
    }

    It 'reports progress with frames and leaves no line behind' {
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$RepositoryRoot/MetricDepth.psd1'").Invoke()
        $shell.Commands.Clear()
        $null = $shell.AddCommand('Invoke-StereoRender').AddParameter('Path', $depth.Path).AddParameter('DestinationPath', "$TestDrive/progress.mkv")
        $null = $shell.Invoke()
        $records = @($shell.Streams.Progress).Where({ $_.Activity -ne 'Preparing modules for first use.' })
        $shell.Dispose()
        $records[0].StatusDescription | Should -Match '^\d+ of 6 frames'
        $records[-1].RecordType | Should -Be 'Completed'
        $records.ActivityId | Sort-Object -Unique | Should -HaveCount 1
    }
}

Describe 'Destinations' {
    It 'goes beside the input by default' {
        Copy-Item $depth.Path "$TestDrive/beside.mkv"
        (Invoke-StereoRender "$TestDrive/beside.mkv" -ColorPath $depth.ColorPath -MaxFrames 1 -HorizontalFov 63).Path | Should -Be "$TestDrive/beside.mkv_stereo.mkv"
    }

    It 'makes a folder that is named with a separator' {
        (Get-DepthVideo "$folder/*_depth.mkv" | Invoke-StereoRender -DestinationPath "$TestDrive/made/" -ColorPath $depth.ColorPath -MaxFrames 1).Name |
            Should -Be 'clip.mp4_depth.mkv_stereo.mkv', 'second.mp4_depth.mkv_stereo.mkv'
        "$TestDrive/made/clip.mp4_depth.mkv_stereo.mkv" | Should -Exist
    }

    It 'does not write two inputs to one file' {
        $done = Get-DepthVideo "$folder/*_depth.mkv" |
            Invoke-StereoRender -DestinationPath "$TestDrive/one.mkv" -ColorPath $depth.ColorPath -MaxFrames 1 -Force -ErrorAction SilentlyContinue -ErrorVariable failed
        $done | Should -HaveCount 1
        $failed.FullyQualifiedErrorId | Should -BeLike 'DestinationTaken,*'
        $failed.CategoryInfo.Category | Should -Be 'ResourceExists'
    }

    It 'does not mix the point clouds of two clips' {
        $files = Get-DepthVideo "$folder/*_depth.mkv" | Export-DepthPointCloud -First 1 -ColorPath $depth.ColorPath -DestinationPath "$TestDrive/mixed" -Force -ErrorAction SilentlyContinue -ErrorVariable failed
        $files | Should -HaveCount 1
        $failed.FullyQualifiedErrorId | Should -BeLike 'DestinationTaken,*'
    }

    It 'keeps an existing file unless -Force is given' {
        'precious' | Set-Content "$TestDrive/there.mkv"
        $depth | Invoke-StereoRender -DestinationPath "$TestDrive/there.mkv" -MaxFrames 1 -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed.FullyQualifiedErrorId | Should -BeLike 'DestinationExists,*'
        $failed.Exception.Message | Should -Match '-Force'
        Get-Content "$TestDrive/there.mkv" | Should -Be 'precious'
        ($depth | Invoke-StereoRender -DestinationPath "$TestDrive/there.mkv" -MaxFrames 1 -Force).FrameCount | Should -Be 1
    }

    It 'never writes over an input' {
        $depth | Invoke-StereoRender -DestinationPath $depth.Path -Force -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed.FullyQualifiedErrorId | Should -BeLike 'DestinationIsInput,*'
        (Get-DepthVideo $depth.Path).FrameCount | Should -Be 6
    }

    It 'writes nothing with -WhatIf: <name>' -ForEach @(
        @{ name = 'ConvertTo-MetricDepth'; line = { Get-ChildItem "$folder/clip.mp4" | ConvertTo-MetricDepth -WhatIf -DestinationPath "$TestDrive/whatif/" } }
        @{ name = 'Import-DepthVideo'; line = { Import-DepthVideo "$folder/clip-mm.mkv" -WhatIf -DestinationPath "$TestDrive/whatif/" } }
        @{ name = 'Invoke-StereoRender'; line = { $depth | Invoke-StereoRender -InfillMask -WhatIf -DestinationPath "$TestDrive/whatif/" } }
        @{ name = 'Invoke-DepthRender'; line = { $depth | Invoke-DepthRender -Motion Orbit -DepthOutput -WhatIf -DestinationPath "$TestDrive/whatif/" } }
        @{ name = 'Get-PointTrack'; line = { Get-PointTrack "$folder/clip.mp4" -Visualize -WhatIf -DestinationPath "$TestDrive/whatif/" } }
        @{ name = 'Measure-CameraPose'; line = { Measure-CameraPose "$folder/clip.mp4_tracking.json" -DepthVideo $depth -Visualize -WhatIf -DestinationPath "$TestDrive/whatif/" } }
        @{ name = 'Export-DepthPointCloud'; line = { $depth | Export-DepthPointCloud -WhatIf -DestinationPath "$TestDrive/whatif" } }
        @{ name = 'Export-DepthVideo'; line = { $depth | Export-DepthVideo -Format Png16 -WhatIf -DestinationPath "$TestDrive/whatif" } }
        @{ name = 'Export-DepthMesh'; line = { $depth | Export-DepthMesh -WhatIf -DestinationPath "$TestDrive/whatif" } }
        @{ name = 'a pipeline'; line = { ConvertTo-MetricDepth "$folder/clip.mp4" -WhatIf -DestinationPath "$TestDrive/whatif/" | Invoke-StereoRender } }
    ) {
        & $line | Should -BeNullOrEmpty
        "$TestDrive/whatif" | Should -Not -Exist
    }
}

Describe 'Printing' {
    It 'shows <type> as a table' -ForEach @(
        @{ type = 'DepthVideo'; make = { $depth }; shows = '64x48', '30', '63.0', 'Metric', 'clip.mp4_depth.mkv' }
        @{ type = 'StereoVideo'; make = { [MetricDepth.Rendering.StereoVideo]::new($depth, 'TopBottom', 63, $depth) }; shows = 'TopBottom', 'Disparity', '64x48' }
        @{ type = 'ViewVideo'; make = { [MetricDepth.Rendering.ViewVideo]::new($depth, 52.5, $depth) }; shows = '52.5', '64x48', 'HFov' }
        @{ type = 'PointTracks'; make = { Get-PointTrack "$folder/clip.mp4" -Force }; shows = 'Tracks', 'Points/frame', 'clip.mp4_tracking.json' }
        @{ type = 'CameraPath'; make = { [MetricDepth.Geometry.CameraPath]::Load("$folder/path.json") }; shows = 'Frames', 'Loops', 'path.json' }
        @{ type = 'PoseQuality'; make = { [MetricDepth.Geometry.CameraPath].GetProperty('Frames').PropertyType.GenericTypeArguments[0]::new(7, 'Bridged', $false, 30, 20, 0.5, 0.01, 0.1) }; shows = 'Frame', 'Bridged', '0.50' }
        @{ type = 'DepthComparisonResult'; make = { Compare-DepthVideo $depth.Path $depth.Path }; shows = 'AbsRel', '0.0000', 'Coverage' }
        @{ type = 'DepthFrameScore'; make = { (Compare-DepthVideo $depth.Path $depth.Path).Frames[0] }; shows = 'Frame', 'RMSE (m)' }
    ) {
        $text = & $make | Out-String -Width 120
        $lines = $text -split '\r?\n' | Where-Object { $_.Trim() }
        $lines | Should -HaveCount 3 -Because 'that is a header, a rule and one row'
        foreach ($part in $shows) { $text | Should -BeLike "*$part*" }
    }

    It 'shows <type> in a few lines after an object of another kind, as in scripts' -ForEach @(
        @{ type = 'DepthVideo'; make = { $depth }; first = 'Path'; hides = 'Tags' }
        @{ type = 'StereoVideo'; make = { [MetricDepth.Rendering.StereoVideo]::new($depth, 'TopBottom', 63, $depth) }; first = 'Path'; hides = 'Tags' }
        @{ type = 'CameraPath'; make = { [MetricDepth.Geometry.CameraPath]::Load("$folder/path.json") }; first = 'Path'; hides = 'Poses' }
        @{ type = 'DepthModel'; make = { Get-DepthModel VideoDepthAnything-Small }; first = 'Name'; hides = 'Sha256' }
    ) {
        $text = 1..2 | ForEach-Object { if ($_ -eq 1) { Get-Item $folder } else { & $make } } | Out-String -Width 120
        $text | Should -Match "(?m)^$first +: "
        $text | Should -Not -Match "(?m)^$hides +: "
    }

    It 'names in its types only properties that there are' {
        foreach ($type in ([xml] (Get-Content "$RepositoryRoot/module/MetricDepth.Types.ps1xml")).Types.Type) {
            foreach ($property in $type.Members.MemberSet.Members.PropertySet.ReferencedProperties.Name) {
                ([type] $type.Name).GetProperty($property) | Should -Not -BeNullOrEmpty -Because "$($type.Name).$property"
            }
        }
    }

    It 'shows a list with units' {
        $text = $depth | Format-List | Out-String -Width 120
        $text | Should -Match 'MaxDepth \(m\)\s+: 20'
        $text | Should -Match 'HorizontalFov \(deg\)\s+: 63'
    }
}
