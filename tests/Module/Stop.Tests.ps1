BeforeAll {
    . $PSScriptRoot/Clips.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force

    # Starts a command in a runspace of its own, and stops it as Ctrl+C does, once it has shown its first progress.
    function Stop-Midway([string] $Command, [hashtable] $Parameters) {
        $shell = [powershell]::Create()
        # in an invocation of its own: stopping a batch of statements and disposing of it races inside PowerShell
        $null = $shell.AddScript("Import-Module '$RepositoryRoot/MetricDepth.psd1'").Invoke()
        $shell.Commands.Clear()
        $null = $shell.AddCommand($Command).AddParameters($Parameters)
        $running = $shell.BeginInvoke()
        $patience = [System.Diagnostics.Stopwatch]::StartNew()
        while (-not $shell.Streams.Progress.Where({ $_.StatusDescription -match 'frames' }) -and -not $running.IsCompleted -and $patience.Elapsed.TotalSeconds -lt 30) {
            Start-Sleep -Milliseconds 20
        }
        $started = -not $running.IsCompleted
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $seconds = $clock.Elapsed.TotalSeconds
        $state = $shell.InvocationStateInfo.State
        try { $shell.EndInvoke($running) } catch [System.Management.Automation.PipelineStoppedException] { $null = $_ }
        $shell.Dispose()
        [pscustomobject] @{ Started = $started; Seconds = $seconds; State = $state }
    }
}

Describe 'Ctrl+C' {
    BeforeAll {
        $folder = (New-Item -ItemType Directory "$TestDrive/long").FullName
        $sensor = New-SensorClip "$folder/sensor.mkv" -Frames 600 -Size '320x240'
        $color = New-ColorClip "$folder/color.mp4" -Frames 600 -Size '320x240'
        $depth = Import-DepthVideo $sensor.FullName -ColorPath $color.FullName -HorizontalFov 63 -DestinationPath "$folder/color.mp4_depth.mkv"
        $inputs = { (Get-FileHash $sensor, $color, $depth.Path).Hash }
        $before = & $inputs
        $out = (New-Item -ItemType Directory "$TestDrive/out").FullName
    }

    It 'stops <command> at once and leaves nothing behind' -ForEach @(
        @{ command = 'Import-DepthVideo'; parameters = { @{ Path = "$folder/sensor.mkv"; DestinationPath = "$out/import.mkv" } } }
        @{ command = 'Invoke-StereoRender'; parameters = { @{ Path = $depth.Path; DestinationPath = "$out/stereo.mkv"; InfillMask = $true } } }
        @{ command = 'Invoke-DepthRender'; parameters = { @{ Path = $depth.Path; DestinationPath = "$out/view.mkv"; Motion = 'Orbit'; DepthOutput = $true } } }
        @{ command = 'Get-PointTrack'; parameters = { @{ Path = "$folder/color.mp4"; DestinationPath = "$out/tracks.json"; Visualize = $true } } }
        @{ command = 'Export-DepthPointCloud'; parameters = { @{ Path = $depth.Path; DestinationPath = "$out/ply" } } }
        @{ command = 'Compare-DepthVideo'; parameters = { @{ Path = $depth.Path; ReferencePath = $depth.Path } } }
        @{ command = 'ConvertTo-MetricDepth'; parameters = { @{ Path = "$folder/color.mp4"; DestinationPath = "$out/depth.mkv"; HorizontalFov = 63 } } }
    ) {
        $stopped = Stop-Midway $command (& $parameters)
        $stopped.Started | Should -BeTrue -Because 'it must have been at work when it was stopped'
        $stopped.State | Should -Be 'Stopped'
        $stopped.Seconds | Should -BeLessThan 3 # a second, on a machine that is busy with other things
        Get-ChildItem $out -Recurse -File -Force | Where-Object Extension -NE '.ply' | Should -BeNullOrEmpty
        foreach ($file in Get-ChildItem $out -Recurse -Filter *.ply) { (Get-Content $file -TotalCount 1) | Should -Be 'ply' }
        if ($IsLinux) { @(Get-Process ffmpeg -ErrorAction Ignore).Where({ $_.CommandLine -like "*$folder*" }) | Should -BeNullOrEmpty }
        & $inputs | Should -Be $before -Because 'inputs are never touched'
    }

    It 'lets a downstream command end the pipeline early' {
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        Export-DepthPointCloud $depth.Path -DestinationPath "$out/early" | Select-Object -First 2 | Should -HaveCount 2
        @(Get-ChildItem "$out/early").Count | Should -BeLessThan 600
        Get-ChildItem "$out/early" | Where-Object Extension -NE '.ply' | Should -BeNullOrEmpty
    }
}
