#!/bin/sh
# A Chromium for the browser tests: one that is there, else Playwright's own, else the distribution's.
set -eu
python=$1
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if timeout 300 "$python" -m playwright install chromium >/dev/null 2>&1; then exit 0; fi
echo "Playwright's own Chromium cannot be had here; installing the distribution's."
run=""
if [ "$(id -u)" != 0 ]; then run="sudo"; fi
export DEBIAN_FRONTEND=noninteractive
$run apt-get update -qq
$run apt-get install -y -qq chromium >/dev/null
command -v chromium >/dev/null
