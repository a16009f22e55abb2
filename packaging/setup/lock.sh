#!/usr/bin/env bash
# Write packaging/locks anew from pyproject.toml: one resolution after the other, each bound by those before it, so that
# a library has the same version in all of them. Arguments go to the resolver: --upgrade.
set -euo pipefail
locks=packaging/locks

resolve() {
    local name=$1
    shift
    echo "Resolving $name …"
    "$BIN/uv" pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --generate-hashes \
        --custom-compile-command "make lock" --output-file "$locks/$name.txt" "$@"
}

resolve runtime pyproject.toml "$@"
resolve services pyproject.toml --extra redis --extra kafka --extra objects --constraint $locks/runtime.txt "$@"
resolve build --group build --constraint $locks/runtime.txt "$@"
resolve dev pyproject.toml --extra dev --constraint $locks/services.txt --constraint $locks/build.txt "$@"
resolve desktop pyproject.toml --extra desktop --constraint $locks/dev.txt "$@"

echo "Resolving ui/package-lock.json …"
export PATH="$PWD/$BIN:$PATH"
cd ui
npm install --package-lock-only --omit-lockfile-registry-resolved --no-fund --no-audit --loglevel=error
