#!/usr/bin/env bash
# Measures what images of the heap cost, and what they save: one image, callers while images are taken,
# and a start on a log of so many calls beside one on a new log, after a clean stop and after a kill.
#
# usage: restart.sh [CALLS]
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

calls=${1:-1000000}
runs=5

# Leaves the milliseconds from the command to its first line, which says that it serves.
timed_start() {
  local began=$EPOCHREALTIME
  start_host "$@" --debug
  millis=$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))
}

kill_hard() {
  kill -KILL "$pid"
  wait "$pid" 2>/dev/null || true
  unset 'pids[-1]'
}

median() {
  sort -n "$1" | sed -n "$(((runs + 1) / 2))p"
}

build
machine

printf '\nOne image of a counter, 20 calls after the one before:\n\n'
"${caller[@]:0:2}" "${compiling[@]}" "${natively[@]}" "${caller[@]:2}" \
  dev.glasshouse.bench.Images

printf '\nCallers of a counter, one call at a time, with an image after every so many entries:\n\n'
start_host never counter.js --debug --image-entries 0 --image-seconds 0
never=$port
start_host often counter.js --debug --image-entries 100 --image-seconds 0
often=$port
"${caller[@]}" dev.glasshouse.bench.InTurns 3 2000 - \
  none "127.0.0.1:$never" 'every 100' "127.0.0.1:$often"
stop
stop_pid=${pids[-1]}
kill "$stop_pid" && wait "$stop_pid" || true
unset 'pids[-1]'

printf '\nA log of %s calls: ' "$calls"
start_host grown counter.js --debug
"${caller[@]}" dev.glasshouse.bench.Fill "127.0.0.1:$port" "$calls"
stop
for ((i = 0; i < runs; i++)); do
  rm -rf "$work/new"
  timed_start new counter.js
  echo "$millis" >>"$work/ms-new"
  stop
  timed_start grown counter.js
  echo "$millis" >>"$work/ms-clean"
  "${caller[@]}" dev.glasshouse.bench.Fill "127.0.0.1:$port" 5000 >/dev/null
  kill_hard
  timed_start grown counter.js
  echo "$millis" >>"$work/ms-killed"
  stop
done
printf '\nUntil it serves, medians of %s starts in turns:\n\n' "$runs"
printf '| start | ms |\n|---|--:|\n'
printf '| on a new log | %s |\n' "$(median "$work/ms-new")"
printf '| on the log of %s calls, after a clean stop | %s |\n' "$calls" "$(median "$work/ms-clean")"
printf '| on it, killed 5,000 calls after its last image | %s |\n' "$(median "$work/ms-killed")"
