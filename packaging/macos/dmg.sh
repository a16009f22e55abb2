#!/usr/bin/env bash
# Build dist/Agora-VERSION.dmg from dist/Agora.app, on macOS. With AGORA_SIGN_AS (a Developer ID, named to `make desktop`,
# too, which signs what is inside) it is signed, and with AGORA_NOTARY (a profile of `notarytool store-credentials`)
# notarised; without, Gatekeeper asks before the first start.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=$(.venv/bin/python -c 'from importlib.metadata import version; print(version("agora"))')
app=dist/Agora.app
image=dist/Agora-$version.dmg

if [ -n "${AGORA_SIGN_AS:-}" ]; then
    codesign --force --options runtime --timestamp \
        --entitlements packaging/macos/entitlements.plist --sign "$AGORA_SIGN_AS" "$app"
    codesign --verify --deep --strict "$app"
fi

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
ditto "$app" "$room/Agora.app"
ln -s /Applications "$room/Applications"
rm -f "$image"
hdiutil create -volname Agora -srcfolder "$room" -fs HFS+ -format UDZO "$image"

if [ -n "${AGORA_SIGN_AS:-}" ]; then
    codesign --timestamp --sign "$AGORA_SIGN_AS" "$image"
fi
if [ -n "${AGORA_SIGN_AS:-}" ] && [ -n "${AGORA_NOTARY:-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$AGORA_NOTARY" --wait
    xcrun stapler staple "$image"
fi
echo "Built $image"
