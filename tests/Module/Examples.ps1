# What the help and the pages tell people to type, and whether it would bind. Dot-sourced by Examples.Tests.ps1.

# The examples of the help, each with the command it belongs to.
function Get-HelpExample {
    foreach ($name in $Cmdlets) {
        foreach ($example in (Get-Help $name -Full).examples.example) {
            [pscustomobject]@{ Source = "$name, $(($example.title -replace '-{2,}').Trim())"; Code = $example.code; IsFragment = $false }
        }
    }
}

# The commands on a page: lines of code blocks, and code spans that name one of our cmdlets with parameters.
# A span may leave out its input (IsFragment).
function Get-PageExample([string] $Path, [int] $Indent = 4) {
    $name = [IO.Path]::GetRelativePath($RepositoryRoot, $Path)
    $ours = "(?:$($Cmdlets -join '|'))"
    $number = 0
    $begun = ''
    foreach ($line in Get-Content -LiteralPath $Path) {
        $number++
        if ($line -match "^ {$Indent,}(PS> )?(?<code>\S.*)$") {
            $code = "$begun$($Matches.code)"
            $begun = $code -match '\|\s*$' ? "$code " : ''
            if (-not $begun -and $code -match "\b$ours\b" -and $code -cnotmatch "\bmetricdepth |^$ours {2,}|^$ours$") {
                [pscustomobject]@{ Source = "${name}:$number"; Code = $code; IsFragment = $false }
            }
            continue
        }
        foreach ($span in [regex]::Matches($line, '`(?<code>[^`]+)`')) {
            $code = $span.Groups['code'].Value -replace '\\\|', '|'
            if ($code -match "\b$ours .*\w" -and $code -cnotmatch '\bmetricdepth ') {
                [pscustomobject]@{ Source = "${name}:$number"; Code = $code; IsFragment = $true }
            }
        }
    }
}

function Test-Accepts([type] $Parameter, [type] $Value) {
    if ($Parameter -eq [object]) { return $true }
    $one = $Parameter.IsArray ? $Parameter.GetElementType() : $Parameter
    $Parameter.IsAssignableFrom($Value) -or $one.IsAssignableFrom($Value)
}

# The types that a call puts out; nothing where that is not known.
function Get-Output($Call) {
    $target = Get-Command $Call.GetCommandName() -ErrorAction Ignore
    $types = $target.OutputType.Type
    if ($Call.GetCommandName() -eq 'Get-ChildItem') { [IO.FileInfo] } elseif ($target.Source -eq 'MetricDepth') { $types }
}

# What would keep one call from binding; nothing if it binds.
function Get-BindingProblem($Call, [switch] $Fragment) {
    $name = $Call.GetCommandName()
    if (-not $name) { return }
    $target = Get-Command $name -ErrorAction Ignore
    if (-not $target) {
        if ($name -match '^\w+-\w+$') { "there is no command $name" }
        return
    }
    if ($target.CommandType -ne 'Cmdlet') { return }
    $binding = [System.Management.Automation.Language.StaticParameterBinder]::BindCommand($Call, $true)
    # a fragment may end with the name of a parameter that takes a value
    foreach ($problem in $binding.BindingExceptions.Values.BindingException) {
        if (-not ($Fragment -and $problem.ErrorId -eq 'MissingArgument')) { $problem.Message }
    }
    if ($target.Source -ne 'MetricDepth') { return }

    $bound = @($binding.BoundParameters.Keys)
    $isPiped = $Call.Parent.PipelineElements.IndexOf($Call) -gt 0
    $sets = $target.ParameterSets.Where({
            $set = $_
            -not ($bound | Where-Object { $_ -notin $set.Parameters.Name }) -and
            -not ($set.Parameters | Where-Object { $_.IsMandatory -and $_.Name -notin $bound -and -not $Fragment -and -not ($isPiped -and ($_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName)) })
        })
    if (-not $sets) { "no parameter set of $name has just: $($bound -join ', ')" }

    foreach ($key in $bound) {
        $parameter = $target.Parameters[$key]
        $given = $binding.BoundParameters[$key]
        if (-not $parameter -or $null -eq $given.ConstantValue) { continue }
        $own = $parameter.Attributes.Where({ $_ -is [System.Management.Automation.ArgumentTransformationAttribute] })
        if ($own) { continue }
        $value = $null
        if (-not [System.Management.Automation.LanguagePrimitives]::TryConvertTo($given.ConstantValue, $parameter.ParameterType, [cultureinfo]::InvariantCulture, [ref] $value)) {
            "-$key does not take '$($given.ConstantValue)'"
            continue
        }
        foreach ($limit in $parameter.Attributes) {
            if ($limit -is [ValidateSet] -and $value -notin $limit.ValidValues) { "-$key is none of its values: $value" }
            if ($limit -is [ValidateRange] -and $null -ne $limit.MinRange -and ($value | Where-Object { $_ -lt $limit.MinRange -or $_ -gt $limit.MaxRange })) {
                "-$key is out of its range: $value"
            }
        }
    }

    if ($isPiped) {
        $before = $Call.Parent.PipelineElements[$Call.Parent.PipelineElements.IndexOf($Call) - 1]
        $types = if ($before -is [System.Management.Automation.Language.CommandAst]) { Get-Output $before }
        foreach ($type in $types) {
            $takers = $sets.Parameters.Where({
                    ($_.ValueFromPipeline -and $_.Name -notin $bound -and (Test-Accepts $_.ParameterType $type)) -or
                    # of our own objects a Path would be taken, too, whatever it is the path of
                    (-not ($_.Name -eq 'Path' -and $type.Namespace -like 'MetricDepth*') -and $_.ValueFromPipelineByPropertyName -and $_.Name -notin $bound -and ($type.GetProperty($_.Name) -or $_.Aliases.Where({ $type.GetProperty($_) })))
                })
            if (-not $takers) { "$name takes no $($type.Name) from $($before.GetCommandName())" }
        }
    }
}

# What is wrong with a piece of code that people are told to type; nothing if all of it parses and binds.
function Get-ExampleProblem([string] $Code, [switch] $Fragment) {
    $errors = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $errors)
    foreach ($problem in $errors) { $problem.Message }
    foreach ($call in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) { Get-BindingProblem $call -Fragment:$Fragment }
}
