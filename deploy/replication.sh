#!/bin/bash
# Runs once, when the primary is made: let a replica copy it and follow.
set -euo pipefail
echo "host replication bma_owner samenet scram-sha-256" >>"$PGDATA/pg_hba.conf"
