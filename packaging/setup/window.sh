#!/usr/bin/env bash
# Install the window's toolkit where a window can be shown; without it Agora starts as a server.
set -uo pipefail
stamp=$1

case "$(uname -s)" in
    Linux) [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || exit 0 ;;
esac
[ -e "$stamp" ] && exit 0
if ! make --no-print-directory "$stamp"; then
    echo "The window's toolkit could not be installed, so Agora starts as a server. Try again with: make run" >&2
fi
exit 0
