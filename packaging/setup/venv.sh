#!/usr/bin/env bash
# Make .venv with the first Python on the PATH that is new enough.
set -euo pipefail

for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "${python:-}" ]; then
    echo "Agora needs Python 3.11 or newer, and none is on the PATH. Install it, or run: make PYTHON=/path/to/python3.11" >&2
    exit 1
fi

echo "Making .venv with $("$python" --version) …"
if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv .venv
else
    # Debian's Python has pip but no ensurepip until python3-venv is there: let its own pip put one into .venv.
    "$python" -m venv --without-pip .venv
    "$python" -m pip --disable-pip-version-check --python .venv/bin/python install --quiet \
        --require-hashes --requirement packaging/locks/build.txt
fi
