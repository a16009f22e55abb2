#!/usr/bin/env bash
# Build ui/dist, unless the stamp says that it was built from these very sources.
set -euo pipefail
stamp=$1

[ -e "$stamp" ] && [ -e ui/dist/manifest.json ] && exit 0
if [ ! -e ui/build.mjs ]; then
    echo "ui/build.mjs is missing; there is no UI to build." >&2
    exit 1
fi
rm -f .venv/.stamps/bundle-*
(cd ui && ../.venv/bin/node build.mjs)
touch "$stamp"
