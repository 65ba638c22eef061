BeforeAll {
    . $PSScriptRoot/Clips.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
    $checkpoint = "$RepositoryRoot/tests/MetricDepth.Tests/Fixtures/Models/vda_tiny.pth"
    $folder = (New-Item -ItemType Directory "$TestDrive/export").FullName
    Push-Location $folder
}

AfterAll { Pop-Location }

Describe 'Exporting a model' {
    It 'writes a file that the pipeline can go on with' {
        $file = Export-DepthModel -Path $checkpoint -Heads 3 -InputSize 28
        $file | Should -BeOfType ([System.IO.FileInfo])
        $file.FullName | Should -Be "$folder/vda_tiny-56x28.onnx"
        $file.Length | Should -BeGreaterThan 1.6MB
        ($file | Get-FileHash).Hash | Should -Match '^[0-9A-F]{64}$'
    }

    It 'keeps what is there unless told otherwise' {
        { Export-DepthModel -Path $checkpoint -Heads 3 -InputSize 28 -ErrorAction Stop } | Should -Throw -ErrorId 'DestinationExists,*'
        Export-DepthModel -Path $checkpoint -Heads 3 -InputSize 28 -Force | Should -HaveCount 1
    }

    It 'writes nothing with -WhatIf' {
        Export-DepthModel -Path $checkpoint -Heads 3 -Layout Split -DestinationPath "$folder/what.onnx" -WhatIf | Should -BeNullOrEmpty
        "$folder/what*" | Should -Not -Exist
    }

    It 'takes installed models by name and from the pipeline, and completes their names' {
        $store = $env:METRICDEPTH_HOME
        $env:METRICDEPTH_HOME = "$TestDrive/store"
        try {
            $model = Install-DepthModel Mine -Path $checkpoint -Family VideoDepthAnything -Heads 3
            (Export-DepthModel Mine -InputSize 28).Name | Should -Be 'Mine-56x28.onnx'
            ($model | Export-DepthModel -InputSize 42 -AspectRatio 1:1).Name | Should -Be 'Mine-42x42.onnx'
            $line = 'Export-DepthModel Mi'
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain 'Mine'
            { Export-DepthModel Yours -ErrorAction Stop } | Should -Throw -ErrorId 'ModelUnknown,*'
        }
        finally { $env:METRICDEPTH_HOME = $store }
    }

    It 'completes <what>' -ForEach @(
        @{ what = 'shapes'; line = 'Export-DepthModel -Path x -AspectRatio '; has = '16:9' }
        @{ what = 'sizes'; line = 'Export-DepthModel -Path x -InputSize '; has = '518' }
        @{ what = 'layouts'; line = 'Export-DepthModel -Path x -Layout '; has = 'Split' }
        @{ what = 'precisions'; line = 'Export-DepthModel -Path x -Precision '; has = 'Float16' }
    ) {
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain $has
    }
}
