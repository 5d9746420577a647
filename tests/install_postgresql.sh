#!/bin/sh
# A PostgreSQL server for the tests of the store: one that is there, else the distribution's. Without it they are skipped.
set -eu
for program in /usr/lib/postgresql/*/bin/postgres "$(command -v postgres || true)"; do
    if [ -x "$program" ]; then exit 0; fi
done
run=""
if [ "$(id -u)" != 0 ]; then run="sudo -n"; fi
echo "Installing the distribution's PostgreSQL for tests; its own server is not started."
export DEBIAN_FRONTEND=noninteractive
# The package would make a cluster and start it; the tests have their own.
if $run apt-get update -qq \
    && $run apt-get install -y -qq postgresql-common >/dev/null \
    && $run sed -i 's/^#*create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf \
    && $run apt-get install -y -qq postgresql >/dev/null; then
    exit 0
fi
echo "PostgreSQL cannot be installed here; its tests will be skipped." >&2
