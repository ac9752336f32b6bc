#!/usr/bin/env bash
# Measures what a long log costs: sequential signed calls beside those of a short one, in turns; bytes on disk
# of a call that is signed alone, and of one that shares its signature with 15 others; and a start.
#
# usage: growth.sh [--log DIR] [ENTRIES]
#   --log DIR  a stopped host's directory that has so many entries of counter.js; otherwise one is made
#   ENTRIES    of the long log, 1000000 unless given; each a single signed call
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

short=1000
long=1000000
rounds=7
window=1000
log=
while (($# > 0)); do
  case $1 in
    --log) log=$2 && shift 2 ;;
    [0-9]*) long=$1 && shift ;;
    *) fail 'usage: growth.sh [--log DIR] [ENTRIES]' ;;
  esac
done

# usage: fill NAME CALLS CALLS-EACH    and stops that host
fill() {
  start_host "$1" counter.js
  "${caller[@]}" dev.glasshouse.bench.Fill "127.0.0.1:$port" "$2" "$work/caller-$1" "$3" >/dev/null
  stop
}

# usage: row NAME CALLS
row() {
  local bytes
  bytes=$(du -sb "$work/$1" | cut -f1)
  printf '| %s | %s | %s | %s |\n' "$1" "$2" "$bytes" "$((bytes / $2))"
}

build
machine
if [[ -n $log ]]; then
  cp -a "$log" "$work/long"
else
  fill long "$long" 1
fi
fill short "$short" 1
fill sixteen "$((long / 5))" 16

printf '\nDirectories of stopped hosts, with all that is in them (`sixteen`: 16 calls to a signature):\n\n'
printf '| log | calls | bytes on disk | bytes per call |\n|---|--:|--:|--:|\n'
row long "$long"
row short "$short"
row sixteen "$((long / 5))"

addresses=()
printf '\n'
for name in long short; do
  began=$EPOCHREALTIME
  start_host "$name" counter.js
  printf 'Start on the %s log: %s ms.\n' "$name" "$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))"
  addresses+=("$name" "127.0.0.1:$port")
done
printf '\nSequential signed calls, %s in each round:\n\n' "$window"
"${caller[@]}" dev.glasshouse.bench.InTurns "$rounds" "$window" "$work/caller" "${addresses[@]}"
