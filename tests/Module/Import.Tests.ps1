BeforeAll {
    . $PSScriptRoot/Clips.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
}

Describe 'The module' {
    It 'has a manifest that PowerShell accepts' {
        (Test-ModuleManifest $RepositoryRoot/MetricDepth.psd1).Version | Should -Be '0.1.0'
    }

    It 'exports its cmdlets and nothing else' {
        (Get-Command -Module MetricDepth).Name | Sort-Object | Should -Be $Cmdlets
    }

    It 'exports them again on a second import' {
        Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
        (Get-Command -Module MetricDepth).Name | Sort-Object | Should -Be $Cmdlets
    }

    It 'uses approved verbs' {
        (Get-Command -Module MetricDepth).Verb | Should -BeIn (Get-Verb).Verb
    }

    It 'says of every cmdlet what comes out' {
        foreach ($command in Get-Command -Module MetricDepth) { $command.OutputType | Should -Not -BeNullOrEmpty -Because $command.Name }
    }

    It 'keeps its dependencies out of the default load context' {
        $names = [System.Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.ForEach({ $_.GetName().Name })
        $names | Should -Contain 'MetricDepth.Loader'
        $names | Should -Not -Contain 'MathNet.Numerics'
        $names | Should -Not -Contain 'Microsoft.ML.OnnxRuntime'
        $names | Should -Not -Contain 'MetricDepth'
        $names | Should -Not -Contain 'MetricDepth.PowerShell'
    }

    It 'finds its native libraries in its own context' {
        $context = [System.Runtime.Loader.AssemblyLoadContext]::All.Where({ $_.Name -eq 'MetricDepth' })[0]
        $onnx = $context.LoadFromAssemblyName([System.Reflection.AssemblyName]::new('Microsoft.ML.OnnxRuntime'))
        $environment = $onnx.GetType('Microsoft.ML.OnnxRuntime.OrtEnv')
        $environment.GetMethod('Instance').Invoke($null, @()).GetVersionString() | Should -Match '^\d+\.\d+'
        [System.Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.ForEach({ $_.GetName().Name }) | Should -Not -Contain 'Microsoft.ML.OnnxRuntime'
    }

    It 'lets scripts name its types' {
        [MetricDepth.Rendering.StereoLayout]::TopBottom | Should -Be 'TopBottom'
        [MetricDepth.Depth.DepthVideo]::DefaultMaxDepth | Should -Be 20
    }

    It 'says what to run when it is not built' {
        $copy = New-Item -ItemType Directory "$TestDrive/unbuilt/module" -Force
        Copy-Item $RepositoryRoot/MetricDepth.psd1 "$TestDrive/unbuilt"
        Copy-Item $RepositoryRoot/module/*.ps* $copy
        $message = pwsh -NoProfile -NonInteractive -Command "try { Import-Module '$TestDrive/unbuilt/MetricDepth.psd1' -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId; `$_.Exception.Message }"
        $message -join ' ' | Should -Match 'ModuleNotBuilt'
        $message -join ' ' | Should -Match ([regex]::Escape('dotnet run build.cs -- build'))
    }
}

Describe 'Parameters' {
    It '<command> takes <alias> for -<parameter>' -ForEach @(
        foreach ($command in 'ConvertTo-MetricDepth', 'Import-DepthVideo', 'Invoke-StereoRender', 'Export-DepthPointCloud', 'Export-DepthVideo') {
            @{ command = $command; alias = 'XFov'; parameter = 'HorizontalFov' }
            @{ command = $command; alias = 'YFov'; parameter = 'VerticalFov' }
            @{ command = $command; alias = 'PSPath'; parameter = 'LiteralPath' }
            @{ command = $command; alias = 'FullName'; parameter = 'LiteralPath' }
        }
    ) {
        (Get-Command $command).Parameters[$parameter].Aliases | Should -Contain $alias
    }

    It '<_> asks before it writes' -ForEach 'ConvertTo-MetricDepth', 'Import-DepthVideo', 'Invoke-StereoRender', 'Export-DepthPointCloud', 'Export-DepthVideo' {
        (Get-Command $_).Parameters.Keys | Should -Contain 'WhatIf'
        (Get-Command $_).Parameters.Keys | Should -Contain 'Confirm'
        (Get-Command $_).Parameters.Keys | Should -Contain 'Force'
    }

    It '<command> takes paths, literal paths<objects>' -ForEach @(
        foreach ($command in 'ConvertTo-MetricDepth', 'Get-DepthVideo', 'Import-DepthVideo') { @{ command = $command; objects = ''; sets = 'LiteralPath', 'Path' } }
        foreach ($command in 'Compare-DepthVideo', 'Invoke-StereoRender', 'Export-DepthPointCloud', 'Export-DepthVideo') { @{ command = $command; objects = ' and objects'; sets = 'DepthVideo', 'LiteralPath', 'Path' } }
    ) {
        (Get-Command $command).ParameterSets.Name | Sort-Object | Should -Be $sets
    }

    It 'refuses <line>' -ForEach @(
        @{ line = 'ConvertTo-MetricDepth x.mp4 -HorizontalFov 180' }
        @{ line = 'ConvertTo-MetricDepth x.mp4 -HorizontalFov NaN' }
        @{ line = 'ConvertTo-MetricDepth x.mp4 -MaxFrames 0' }
        @{ line = 'ConvertTo-MetricDepth x.mp4 -MaxDepth -3' }
        @{ line = 'Invoke-StereoRender x.mkv -Layout Sideways' }
        @{ line = 'Invoke-StereoRender x.mkv -PupillaryDistance 0' }
        @{ line = 'Export-DepthPointCloud x.mkv -Every 0' }
        @{ line = 'Import-DepthVideo x.mkv -DepthUnit 0' }
        @{ line = 'Export-DepthVideo x.mkv -Format Jpeg' }
    ) {
        { Invoke-Expression $line } | Should -Throw -ErrorId '*Argument*'
    }
}

Describe 'Completion' {
    It 'offers <offer> for <line>' -ForEach @(
        @{ line = 'Invoke-StereoRender x.mkv -Layout '; offer = 'Anaglyph' }
        @{ line = 'Invoke-StereoRender x.mkv -Layout To'; offer = 'TopBottom' }
        @{ line = 'Invoke-StereoRender x.mkv -HorizontalFov '; offer = '63' }
        @{ line = 'ConvertTo-MetricDepth x.mp4 -HorizontalFov 7'; offer = '74' }
        @{ line = 'ConvertTo-MetricDepth x.mp4 -XFov '; offer = '63' }
        @{ line = 'ConvertTo-MetricDepth x.mp4 -MaxDepth '; offer = '20' }
        @{ line = 'Import-DepthVideo x.mkv -DepthUnit '; offer = '0.0002' }
        @{ line = 'Export-DepthVideo x.mkv -DepthUnit '; offer = '0.001' }
        @{ line = 'Export-DepthVideo x.mkv -Format G'; offer = 'Gray16' }
        @{ line = 'Export-DepthVideo x.mkv -Colormap '; offer = 'Viridis' }
        @{ line = 'ConvertTo-MetricDepth x.mp4 -Med'; offer = '-MedianDepth' }
        @{ line = 'Export-Depth'; offer = 'Export-DepthPointCloud' }
    ) {
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain $offer
    }

    It 'keeps to what was typed' {
        $line = 'ConvertTo-MetricDepth x.mp4 -HorizontalFov 7'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be '70', '74'
    }

    It 'says what a value stands for' {
        $line = 'Import-DepthVideo x.mkv -DepthUnit 0.0002'
        (TabExpansion2 $line $line.Length).CompletionMatches[0].ToolTip | Should -Match 'TUM'
    }
}
