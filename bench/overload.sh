#!/usr/bin/env bash
# Asks a host for far more than it can do: connections that always have as many calls under way as they may,
# and beside them callers who make one call after the other. Prints who was served and who refused, how long
# both took, and the most memory of the host. Fails if an answered call did not count exactly once.
#
# usage: overload.sh [SECONDS]
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

seconds=${1:-60}
flooders=16
callers=4

build
machine
start host "$root/glass" exec "$bench/overload.js" -p 0 --dir "$work/host" --debug
printf '\nOne caller alone:\n\n'
"${caller[@]}" dev.glasshouse.bench.Overload "127.0.0.1:$port" 5 0 1 | sed '/flood/d'
(
  while sleep 1; do
    awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" >"$work/rss"
  done
) &
pids+=("$!")
printf '\nFor %s seconds:\n\n' "$seconds"
"${caller[@]}" dev.glasshouse.bench.Overload "127.0.0.1:$port" "$seconds" "$flooders" "$callers"
most=$(cat "$work/rss")
printf '\nThe host took %s MiB of memory at most.\n' "$((most / 1024))"
