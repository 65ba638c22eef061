# Nobody should be told to type what does not work: every command in the help and on the pages has to bind.

BeforeDiscovery {
    . $PSScriptRoot/Clips.ps1
    . $PSScriptRoot/Examples.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
    $pages = Get-ChildItem "$RepositoryRoot/README.md", "$RepositoryRoot/models/README.md", "$RepositoryRoot/docs/coming-from-python.md", "$RepositoryRoot/docs/cmdlets/*.md"
    $examples = @(
        Get-HelpExample
        foreach ($page in $pages) { Get-PageExample $page.FullName }
        Get-PageExample "$RepositoryRoot/module/en-US/about_MetricDepth.help.txt" -Indent 8
    )
    $places = $examples | Group-Object { $_.Source -replace '[,:].*' } | ForEach-Object { @{ Place = $_.Name; Examples = $_.Group } }
}

BeforeAll {
    . $PSScriptRoot/Clips.ps1
    . $PSScriptRoot/Examples.ps1
    Import-Module $RepositoryRoot/MetricDepth.psd1 -Force
}

Describe 'What the help and the pages tell people to type' {
    It 'binds: <Place>' -ForEach $places {
        foreach ($example in $Examples) {
            Get-ExampleProblem $example.Code -Fragment:$example.IsFragment | Should -BeNullOrEmpty -Because "of $($example.Source): $($example.Code)"
        }
    }

    It 'is found at all' -ForEach @{ Places = $places.Place; Code = $examples.Code } {
        foreach ($place in $Cmdlets + $Cmdlets.ForEach({ "docs/cmdlets/$_.md" }) + 'README.md', 'models/README.md') { $Places | Should -Contain $place }
        foreach ($text in 'ConvertTo-MetricDepth trip.mp4', '-VoxelSize 0.02', '| Import-DepthVideo') { $Code -match [regex]::Escape($text) | Should -Not -BeNullOrEmpty -Because $text }
    }

    It 'would not pass with <Problem>' -ForEach @(
        @{ Problem = 'a command that does not exist'; Code = 'Get-DepthVidio a.mkv' }
        @{ Problem = 'a parameter that does not exist'; Code = 'New-DepthScene a.mkv -Foo 3' }
        @{ Problem = 'a value that is none of an enumeration'; Code = 'Invoke-StereoRender a.mkv -Layout Nonsense' }
        @{ Problem = 'a value out of range'; Code = 'Invoke-StereoRender a.mkv -PupillaryDistance -5' }
        @{ Problem = 'parameters of different sets'; Code = 'Install-DepthModel A -Runtime Cuda' }
        @{ Problem = 'an input left out'; Code = 'Export-DepthMesh -Every 3' }
        @{ Problem = 'a parameter without its value'; Code = 'Export-DepthMesh a.mkv -Every' }
        @{ Problem = 'an object that the next command does not take'; Code = 'Get-PointTrack a.mp4 | Compare-DepthVideo -ReferencePath b.mkv' }
        @{ Problem = 'a bracket too many'; Code = 'Get-DepthVideo a.mkv)' }
    ) {
        Get-ExampleProblem $Code | Should -Not -BeNullOrEmpty
    }
}
