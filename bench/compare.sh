#!/usr/bin/env bash
# Compares a host with a plain Node service: two counters, one call at a time and 64 in flight, over one connection
# and over eight.
#
# usage: compare.sh [--rounds N] [--seconds S] [--warm-up S] [--quick]
#   --warm-up S  how long each service is called with 64 in flight before anything is measured, and a quarter
#                of that in each of the other ways; 4 unless given
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

rounds=5
seconds=3
warm_up=4
while (($# > 0)); do
  case $1 in
    --rounds) rounds=$2 && shift 2 ;;
    --seconds) seconds=$2 && shift 2 ;;
    --warm-up) warm_up=$2 && shift 2 ;;
    --quick) rounds=2 seconds=1 warm_up=3 && shift ;;
    *) fail 'usage: compare.sh [--rounds N] [--seconds S] [--warm-up S] [--quick]' ;;
  esac
done

build
build_peer
machine
printf '\n%s rounds of %s s for each line; all numbers are medians of rounds.\n\n' \
  "$rounds" "$seconds"

services=()
for workload in in-memory persistent; do
  script=counter.js
  [[ $workload == in-memory ]] || script=persistent-counter.js
  start_host "signed-$workload" "$script"
  services+=("$workload" signed "localhost:$port" "$pid")
  start_host "debug-$workload" "$script" --debug
  services+=("$workload" debug "localhost:$port" "$pid")
  start "node-$workload" node "$bench/node-peer/server.mjs" "$work/node-$workload"
  services+=("$workload" node "localhost:$port" "$pid")
done
"${caller[@]}" dev.glasshouse.bench.Compare "$rounds" "$seconds" "$warm_up" "$work" "${services[@]}"
