#!/usr/bin/env bash
# Install what the tests need from the system, where it is missing and we may: Debian's packages, as root or by sudo.
# Elsewhere say what is missing; the tests that need it skip themselves by name.
set -euo pipefail

missing=()
have() { command -v "$1" >/dev/null || missing+=("$2"); }

have chromium chromium
have Xvfb xvfb
have nginx nginx-light
have caddy caddy
have systemd-analyze systemd
have redis-server redis-server
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || have initdb postgresql

# What Qt's web view wants where Debian has no desktop.
if command -v dpkg-query >/dev/null; then
    for package in libegl1 libgl1 libnss3 libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-image0 \
        libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcomposite1 libxdamage1 libxrandr2 libxtst6 \
        libasound2 libdbus-1-3; do
        # Newer releases call some of them by another name: libasound2t64.
        { dpkg-query --show --showformat='${db:Status-Status}\n' "$package" "${package}t64" 2>/dev/null || true; } \
            | grep -qx installed || missing+=("$package")
    done
fi

[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=(env)
elif sudo -n true 2>/dev/null; then
    as_root=(sudo env)
fi
if ! command -v apt-get >/dev/null || [ -z "${as_root:-}" ]; then
    echo "Missing on this machine, so some tests will be skipped: ${missing[*]}" >&2
    exit 0
fi

echo "Installing what the tests need: ${missing[*]}"
apt=("${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=240 --quiet=2)
if ! { "${apt[@]}" update && "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" >/dev/null; }; then
    echo "They could not all be installed, so some tests will be skipped." >&2
fi

# The browser's tests are quicker with it and do without it; not every release has it.
if ! command -v chromium-headless-shell >/dev/null; then
    "${apt[@]}" install --yes --no-install-recommends chromium-headless-shell >/dev/null 2>&1 || true
fi
