#!/usr/bin/env bash
# Asks a host for far more than it can do: connections that always have as many calls under way as they may,
# and beside them callers who make one call after the other. Prints who was served and who refused, how long
# both took, and the most memory of the host. Fails if an answered call did not count exactly once.
#
# usage: overload.sh [--idle CONNECTIONS] [SECONDS]
#   --idle   before that, opens so many at once and leaves them open without a word, every second one in the
#            middle of a frame; what they cost is printed
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

idle=0
[[ ${1:-} != --idle ]] || { idle=$2 && shift 2; }
seconds=${1:-60}
flooders=16
callers=4

build
machine
start host "$root/glass" exec "$bench/overload.js" -p 0 --dir "$work/host" --debug \
  --max-connections "$((idle + 4096))"
host=$pid

# usage: memory NAME    of the host, in MiB
memory() {
  awk -v "name=$1:" '$1 == name { print int($2 / 1024) }' "/proc/$host/status"
}

printf '\nOne caller alone:\n\n'
"${caller[@]}" dev.glasshouse.bench.Overload "127.0.0.1:$port" 5 0 1 | sed '/flood/d'
if ((idle > 0)); then
  before=$(memory VmRSS)
  mkfifo "$work/leave"
  "${caller[@]}" dev.glasshouse.bench.Idle "127.0.0.1:$port" "$idle" >"$work/idle" <"$work/leave" &
  pids+=("$!")
  exec 3>"$work/leave"
  until [[ -s $work/idle ]]; do
    kill -0 "${pids[-1]}" 2>/dev/null || fail 'the host does not take so many connections'
    sleep 0.1
  done
  printf '\n%s; the host takes %s MiB of memory after %s. One caller beside them:\n\n' \
    "$(cat "$work/idle")" "$(memory VmRSS)" "$before"
  "${caller[@]}" dev.glasshouse.bench.Overload "127.0.0.1:$port" 5 0 1 | sed '/flood/d'
fi
(
  while sleep 1; do
    memory VmHWM >"$work/rss"
  done
) &
pids+=("$!")
printf '\nFor %s seconds:\n\n' "$seconds"
"${caller[@]}" dev.glasshouse.bench.Overload "127.0.0.1:$port" "$seconds" "$flooders" "$callers"
printf '\nThe host took %s MiB of memory at most.\n' "$(cat "$work/rss")"
