BeforeAll {
    . $PSScriptRoot/Clips.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
    $checkpoint = "$RepositoryRoot/tests/MetricDepth.Tests/Fixtures/Models/vda_tiny.pth"
    $home0 = $env:METRICDEPTH_HOME

    # Serves one file; the first answer breaks off in the middle, and later ones send what is asked for.
    function Start-FileServer([string] $Path) {
        $probe = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $probe.Start()
        $port = $probe.LocalEndpoint.Port
        $probe.Stop()
        $log = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $listener = [System.Net.HttpListener]::new()
        $listener.Prefixes.Add("http://127.0.0.1:$port/")
        $listener.Start()
        $shell = [powershell]::Create().AddScript({
                param($listener, $path, $log)
                $bytes = [System.IO.File]::ReadAllBytes($path)
                try {
                    while ($true) {
                        $context = $listener.GetContext()
                        $range = $context.Request.Headers['Range']
                        $first = if ($range -match '^bytes=(\d+)-$') { [int] $Matches[1] } else { 0 }
                        $response = $context.Response
                        $response.Headers['ETag'] = '"one"'
                        $response.ContentLength64 = $bytes.Length - $first
                        if ($first) {
                            $response.StatusCode = 206
                            $response.Headers['Content-Range'] = "bytes $first-$($bytes.Length - 1)/$($bytes.Length)"
                        }
                        if ($log.IsEmpty) {
                            $log.Enqueue("$range")
                            $response.OutputStream.Write($bytes, 0, 1000000)
                            $response.OutputStream.Flush()
                            $response.Abort()
                        }
                        else {
                            $log.Enqueue("$range")
                            $response.OutputStream.Write($bytes, $first, $bytes.Length - $first)
                            $response.Close()
                        }
                    }
                }
                catch { } # stopped
            }).AddArgument($listener).AddArgument($Path).AddArgument($log)
        $null = $shell.BeginInvoke()
        [pscustomobject]@{ Address = "http://127.0.0.1:$port/vda_tiny.pth"; Log = $log; Listener = $listener; Shell = $shell }
    }

    $server = Start-FileServer $checkpoint
}

AfterAll {
    $env:METRICDEPTH_HOME = $home0
    $server.Listener.Stop()
    $server.Shell.Dispose()
}

Describe 'Depth models' {
    BeforeAll {
        $env:METRICDEPTH_HOME = "$TestDrive/home"
        $null = New-Item -ItemType Directory "$TestDrive/home"
        @{
            version = 1
            models  = @(@{
                    name = 'Tiny-Metric'; task = 'VideoDepth'; family = 'VideoDepthAnything'; output = 'Depth'; metric = $true; license = 'Apache-2.0'
                    source = $server.Address; fileName = 'vda_tiny.pth'; bytes = (Get-Item $checkpoint).Length
                    sha256 = (Get-FileHash $checkpoint).Hash; heads = 3; description = 'Random weights.'
                })
        } | ConvertTo-Json -Depth 5 | Set-Content "$TestDrive/home/catalog.json"
    }

    It 'lists the catalog in a table' {
        $models = Get-DepthModel
        $models | Should -BeOfType ([MetricDepth.Inference.Models.DepthModel])
        ($models | Where-Object Source).Count | Should -Be 16
        $table = $models | Format-Table | Out-String -Width 200
        $table | Should -Match 'VideoDepthAnything-Metric-Small +Available +True +116 +Apache-2.0 +VideoDepth +Steady depth'
        $table | Should -Match 'DepthAnythingV2-Large +Available +False +1341 +CC-BY-NC-4.0 +ImageDepth'
    }

    It 'says what would be fetched' {
        Install-DepthModel Tiny-Metric -WhatIf
        "$TestDrive/home/models" | Should -Not -Exist
        $server.Log.IsEmpty | Should -BeTrue
    }

    It 'installs over a connection that breaks, fetching only the rest' {
        $model = Install-DepthModel Tiny-Metric
        $model.State | Should -Be 'Installed'
        (Get-FileHash $model.Path).Hash | Should -Be (Get-FileHash $checkpoint).Hash
        $server.Log | Should -Be '', 'bytes=1000000-'
        Get-DepthModel -Installed | Select-Object -ExpandProperty Name | Should -Be 'Tiny-Metric'
        (Get-DepthModel Tiny-Metric -Verify).IsVerified | Should -BeTrue
    }

    It 'converts a clip with it' {
        $clip = New-ColorClip "$TestDrive/clip.mp4" -Frames 5 -Size '64x48'
        $depth = ConvertTo-MetricDepth $clip.FullName -Model Tiny-Metric -InputSize 70 -Device Cpu
        $depth.FrameCount | Should -Be 5
        $depth.Estimator | Should -Match 'Tiny-Metric'
        $depth.Scale | Should -Be 'Metric'
        (TabExpansion2 'ConvertTo-MetricDepth x.mp4 -Model ').CompletionMatches.CompletionText | Should -Contain 'Tiny-Metric'
    }

    It 'takes a file at hand, and refuses one that is not the catalog''s' {
        $own = Install-DepthModel Mine -Path $checkpoint -Family VideoDepthAnything -Heads 3
        $own.IsMetric | Should -BeFalse
        $changed = [System.IO.File]::ReadAllBytes($checkpoint)
        $changed[500000] = $changed[500000] -bxor 1
        [System.IO.File]::WriteAllBytes("$TestDrive/changed.pth", $changed)
        { Install-DepthModel Tiny-Metric -Path "$TestDrive/changed.pth" -Force -ErrorAction Stop } | Should -Throw -ErrorId 'ModelHashMismatch*'
        (Get-DepthModel Tiny-Metric -Verify).IsVerified | Should -BeTrue
    }

    It 'asks for a licence to be accepted' {
        { Install-DepthModel DepthAnythingV2-Large -ErrorAction Stop } | Should -Throw -ErrorId 'LicenseNotAccepted*'
        { Install-DepthModel Nothing-Like-It -ErrorAction Stop } | Should -Throw -ErrorId 'ModelUnknown*'
    }

    It 'completes names with size and licence' {
        $matches = (TabExpansion2 'Install-DepthModel VideoDepthAnything-M').CompletionMatches
        $matches.CompletionText | Should -Be 'VideoDepthAnything-Metric-Small', 'VideoDepthAnything-Metric-Base', 'VideoDepthAnything-Metric-Large'
        $matches[0].ToolTip | Should -Match '116 MB, Apache-2.0'
        (TabExpansion2 'Uninstall-DepthModel ').CompletionMatches.CompletionText | Should -Be 'Tiny-Metric', 'Mine'
    }

    It 'waits where two shells install the same model' {
        Uninstall-DepthModel Tiny-Metric
        $program = { param($manifest, $store) $env:METRICDEPTH_HOME = $store; Import-Module $manifest; "$((Install-DepthModel Tiny-Metric -WarningAction SilentlyContinue).State)" }
        $before = $server.Log.Count
        $jobs = 1..2 | ForEach-Object { Start-Job -ScriptBlock $program -ArgumentList "$RepositoryRoot/MetricDepth.psd1", $env:METRICDEPTH_HOME }
        $jobs | Receive-Job -Wait -AutoRemoveJob | Should -Be 'Installed', 'Installed'
        $server.Log.Count | Should -Be ($before + 1)
    }

    It 'removes models from the pipeline' {
        Get-DepthModel -Installed | Uninstall-DepthModel
        Get-DepthModel -Installed | Should -BeNullOrEmpty
        "$TestDrive/home/models/Mine" | Should -Not -Exist
        { Uninstall-DepthModel Mine -ErrorAction Stop } | Should -Throw -ErrorId 'ModelUnknown*'
    }
}
