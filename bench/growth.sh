#!/usr/bin/env bash
# Measures sequential signed calls as one log grows, its size on disk, and a start on the grown log.
#
# usage: growth.sh [--script SAMPLE] [--window CALLS] [ENTRIES...]
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

script=counter.js
window=500
while (($# > 0)); do
  case $1 in
    --script) script=$2 && shift 2 ;;
    --window) window=$2 && shift 2 ;;
    -*) fail 'usage: growth.sh [--script SAMPLE] [--window CALLS] [ENTRIES...]' ;;
    *) break ;;
  esac
done
(($# > 0)) || set -- 1000 10000 25000 50000

build
machine
printf '\n%s, %s calls at each size; between them the log is filled with 256 calls in flight.\n\n' \
  "$script" "$window"
start_host grown "$script"
"${caller[@]}" dev.glasshouse.bench.Growth "localhost:$port" "$work/grown" "$work/caller" "$window" "$@"
stop
printf '\nStopped: %s bytes on disk.\n' "$(du -sb "$work/grown" | cut -f1)"
began=$EPOCHREALTIME
start_host grown "$script"
printf 'Start on this log: %s ms.\n' "$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))"
