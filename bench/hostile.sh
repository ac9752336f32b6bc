#!/usr/bin/env bash
# Calls a module that attacks its host, over and over, and watches the memory of the host's process.
#
# usage: hostile.sh [--no-verify] [CALLS]
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

verify=yes
calls=100000
while (($# > 0)); do
  case $1 in
    --no-verify) verify= && shift ;;
    -*) fail 'usage: hostile.sh [--no-verify] [CALLS]' ;;
    *) calls=$1 && shift ;;
  esac
done

build
machine
printf '\n%s calls of hostile.js, limits: fuel 1, heap 6 MiB, watchdog 500 ms, JVM heap 256 MiB.\n\n' "$calls"
# All of the JVM's own heap is there from the start, so that only what grows beside it shows.
export GLASS_JAVA_OPTS="-Xms256m -Xmx256m -XX:+AlwaysPreTouch ${GLASS_JAVA_OPTS:-}"
start hostile "$root/glass" exec "$bench/hostile.js" -p 0 --dir "$work/hostile" \
  --fuel 1 --heap 6m --watchdog 500ms --wait 1s
"${caller[@]}" dev.glasshouse.bench.Hostile "localhost:$port" "$work/caller" "$pid" "$calls" \
  "$(((calls + 9) / 10))"
if [[ -n $verify ]]; then
  began=$EPOCHREALTIME
  GLASSHOUSE_HOME=$work/auditor "$root/glass" verify "localhost:$port" | tail -n 4
  printf 'Verified in %s s.\n' "$(((${EPOCHREALTIME/./} - ${began/./}) / 1000000))"
fi
stop
