#!/bin/bash
# Copies the primary when there is nothing yet, then follows it.
set -euo pipefail
export PGPASSWORD
PGPASSWORD=$(cat /run/secrets/database)
data=/var/lib/postgresql/data
if [ ! -s "$data/PG_VERSION" ]; then
  chown postgres:postgres "$data"
  chmod 700 "$data"
  gosu postgres pg_basebackup --host=primary --username=bma_owner --pgdata="$data" --write-recovery-conf \
    --wal-method=stream --slot=replica --create-slot
fi
exec gosu postgres postgres -D "$data"
