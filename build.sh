#!/usr/bin/env bash
# ./build.sh [target] [arguments]: see README.md, Commands.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

target=test
if [[ $# -gt 0 && $1 != -* ]]; then
    target=$1
    shift
fi

echo "[00:00] restoring Cake, which runs build.cake" >&2
dotnet tool restore --verbosity quiet
exec dotnet cake --target="$target" "$@"
