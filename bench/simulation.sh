#!/usr/bin/env bash
# Simulates a host, its clients and witnesses, the network between them and the disks under them, from one
# seed a run: crashes, failed and torn writes, delays, reorderings, losses, duplicates, calls that loop.
# After each run every call that was acknowledged must be in the log once, with the receipt that was given,
# cosigned if its caller waits for that, and the log must verify by replay. Prints each seed that fails; a
# single seed is printed with what it came to.
#
# usage: simulation.sh [SEEDS] [FROM]
#   SEEDS   how many, 2000 unless given
#   FROM    the first, 1 unless given
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

seeds=${1:-2000}
from=${2:-1}
build
build_simulation
"$java" -Xmx1g -Dslf4j.internal.verbosity=ERROR "${natively[@]}" -cp "$simulation" dev.glasshouse.rpc.simulation.SimulationMain \
  "$seeds" "$from"
