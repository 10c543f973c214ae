# ./build.ps1 [target] [arguments]: see README.md, Commands.
$ErrorActionPreference = 'Stop'
Push-Location $PSScriptRoot
try {
    $target = 'test'
    $rest = @($args)
    if ($rest.Count -gt 0 -and -not "$($rest[0])".StartsWith('-')) {
        $target = $rest[0]
        $rest = @($rest | Select-Object -Skip 1)
    }

    [Console]::Error.WriteLine('[00:00] restoring Cake, which runs build.cake')
    dotnet tool restore --verbosity quiet
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    dotnet cake "--target=$target" @rest
    exit $LASTEXITCODE
}
finally {
    Pop-Location
}
