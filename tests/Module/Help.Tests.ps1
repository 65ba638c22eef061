BeforeDiscovery {
    . $PSScriptRoot/Clips.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
}

BeforeAll {
    . $PSScriptRoot/Clips.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
}

Describe 'Help for <_>' -ForEach $Cmdlets {
    BeforeAll {
        $command = Get-Command $_
        $help = Get-Help $_ -Full
        $own = $command.Parameters.Keys.Where({ $_ -notin [System.Management.Automation.Cmdlet]::CommonParameters })
    }

    It 'has a synopsis and a description' {
        $help.Synopsis | Should -Match '^[A-Z].*\.\s*$'
        ($help.Description.Text -join ' ').Length | Should -BeGreaterThan 100
    }

    It 'describes every parameter, and only those' {
        $help.parameters.parameter.name | Sort-Object | Should -Be ($own | Sort-Object)
        foreach ($parameter in $help.parameters.parameter) {
            $parameter.description.Text | Should -Match '\w+.*\.' -Because $parameter.name
        }
    }

    It 'has the syntax of the command' {
        $help.syntax.syntaxItem.Count | Should -Be $command.ParameterSets.Count
        foreach ($set in $command.ParameterSets) {
            $expected = $set.Parameters.Name.Where({ $_ -notin [System.Management.Automation.Cmdlet]::CommonParameters }) | Sort-Object
            $described = $help.syntax.syntaxItem.Where({ -not (Compare-Object ($_.parameter.name | Sort-Object) $expected) })
            $described.Count | Should -Be 1 -Because "of parameter set $($set.Name)"
        }
    }

    It 'knows aliases, positions and defaults' {
        foreach ($parameter in $help.parameters.parameter) {
            $real = $command.Parameters[$parameter.name]
            ($parameter.aliases -split ', ').Where({ $_ -ne 'none' }) | Should -Be @($real.Aliases) -Because $parameter.name
            $position = $real.ParameterSets.Values.Position | Where-Object { $_ -ge 0 } | Select-Object -First 1
            $parameter.position | Should -Be ($null -eq $position ? 'named' : "$position") -Because $parameter.name
        }
    }

    It 'has at least two examples that say what they do' {
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        foreach ($example in $help.examples.example) { $example.remarks.Text -join '' | Should -Match '\w' }
    }

    It 'has a page in docs/cmdlets' {
        "$RepositoryRoot/docs/cmdlets/$_.md" | Should -Exist
    }
}

Describe 'The topic about_MetricDepth' {
    It 'is found' {
        $topic = Get-Help about_MetricDepth | Out-String
        $topic | Should -Match 'SHORT DESCRIPTION'
        foreach ($cmdlet in $Cmdlets) { $topic | Should -Match $cmdlet }
    }
}
