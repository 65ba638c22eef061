#!/usr/bin/env pwsh
<#
.SYNOPSIS
Builds, tests and shows MetricDepth: PowerShell's way in to build.cs.
.EXAMPLE
./build.ps1 demo ~/Videos/trip.mp4
#>
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateSet('build', 'demo', 'test', 'bench', 'pack')]
    [string] $Command,

    [Parameter(Position = 1, ValueFromRemainingArguments)]
    [string[]] $Arguments
)

dotnet run "$PSScriptRoot/build.cs" -- $Command @Arguments
exit $LASTEXITCODE
