#!/bin/sh
# The distribution's libfaketime, for the tests of a clock that is set. Without it they are skipped.
set -eu
for library in /usr/lib/*/faketime/libfaketimeMT.so.1; do
    if [ -e "$library" ]; then exit 0; fi
done
run=""
if [ "$(id -u)" != 0 ]; then run="sudo -n"; fi
echo "Installing the distribution's libfaketime for tests."
export DEBIAN_FRONTEND=noninteractive
if $run apt-get update -qq && $run apt-get install -y -qq libfaketime >/dev/null; then
    exit 0
fi
echo "libfaketime cannot be installed here; the tests of a clock that is set will be skipped." >&2
