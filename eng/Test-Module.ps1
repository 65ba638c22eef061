# Runs the Pester tests and writes "passed failed skipped" to the report; "none" where Pester 5 is not installed and cannot be.
param([Parameter(Mandatory)][string] $Report)

$ErrorActionPreference = 'Stop'
$version = [version]'5.3'
if (-not (Get-Module Pester -ListAvailable | Where-Object Version -GE $version)) {
    try {
        Install-Module Pester -MinimumVersion $version -MaximumVersion 5.99 -Scope CurrentUser -Force -SkipPublisherCheck
    }
    catch {
        Set-Content $Report 'none'
        exit 0
    }
}
Import-Module Pester -MinimumVersion $version

$configuration = New-PesterConfiguration
$configuration.Run.Path = Join-Path $PSScriptRoot '../tests/Module'
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$result = Invoke-Pester -Configuration $configuration
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
Set-Content $Report "$($result.PassedCount) $failed $($result.SkippedCount + $result.NotRunCount)"
