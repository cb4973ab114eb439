#!/bin/sh
# What the tests need and only the system brings: pcscd with virtual readers, chromium, a PDF renderer.
# As root or by `sudo -n`; where neither works, says what is left out: those tests then count as left out.
set -u
PARTS="pcscd vsmartcard-vpcd libpcsclite-dev gcc libc6-dev python3-dev chromium chromium-driver poppler-utils"
PIP=".venv/bin/pip --disable-pip-version-check install --quiet"

missing=
for part in $PARTS; do
    dpkg-query -W -f='${Status}' "$part" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $part"
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ]; then sudo=; else sudo="sudo -n"; fi
    echo "installing test parts:$missing" >&2
    if ! { $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing; } >build-parts.log 2>&1; then
        echo "left out, could not be installed:$missing (see build-parts.log)" >&2
        exit 0
    fi
    rm -f build-parts.log
fi
$PIP --require-hashes -r requirements-build.lock &&
    PATH="$PWD/.venv/bin:$PATH" $PIP --require-hashes --no-build-isolation -r requirements-pcsc.lock ||
    echo "left out, could not be built: pyscard" >&2
