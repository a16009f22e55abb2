#!/usr/bin/env bash
# Ask the registries whether a library of the lock files has a known hole; fails where one has, or could not be asked about.
set -uo pipefail
failed=0

for name in runtime services build dev desktop; do
    echo "Asking about $name …"
    "$BIN/pip-audit" --strict --progress-spinner off --disable-pip --require-hashes \
        --requirement "packaging/locks/$name.txt" || failed=1
done

echo "Asking about ui/package-lock.json …"
export PATH="$PWD/$BIN:$PATH"
(cd ui && npm audit --audit-level=moderate) || failed=1
exit $failed
