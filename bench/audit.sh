#!/usr/bin/env bash
# Measures audits: a whole one beside the rate at which Bouncy Castle verifies signatures, the lesser levels,
# one of 1,000 new entries on a short and on a long log, memory, and how soon --watch has verified a call.
# Of every line the systems take turns within a round.
#
# usage: audit.sh [--rounds N] [--log DIR] [ENTRIES]
#   --log DIR  a stopped host's directory that has so many entries of counter.js; otherwise one is made
#   ENTRIES    of the long log, 1000000 unless given; each a single signed call
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

rounds=3
short=10000
long=1000000
new=1000
log=
while (($# > 0)); do
  case $1 in
    --rounds) rounds=$2 && shift 2 ;;
    --log) log=$2 && shift 2 ;;
    [0-9]*) long=$1 && shift ;;
    *) fail 'usage: audit.sh [--rounds N] [--log DIR] [ENTRIES]' ;;
  esac
done

# usage: fill NAME CALLS    of a log that may be there already; ends with an image, as a clean stop does
fill() {
  start_host "$1" counter.js
  "${caller[@]}" dev.glasshouse.bench.Fill "127.0.0.1:$port" "$2" "$work/caller-$1"
  stop
}

# Keeps the most memory that a process has had, in KiB. Once in a while, and without a process of its own for
# it: what is measured has every core.
# usage: watch_memory PID FILE
watch_memory() {
  local key value _
  while [[ -d /proc/$1 ]]; do
    while read -r key value _; do
      [[ $key != VmHWM: ]] || echo "$value" >"$2"
    done 2>/dev/null <"/proc/$1/status" || true
    sleep 0.5
  done
}

# Leaves the milliseconds of an audit in $millis and its most memory, in MiB, in $memory.
# usage: audit NAME HOME OPTION...
audit() {
  local name=$1 home=$2 began=$EPOCHREALTIME status=$work/report
  shift 2
  echo 0 >"$work/kib"
  GLASSHOUSE_HOME=$home "$root/glass" verify "$work/$name" "$@" >"$status" &
  local audit=$!
  pids+=("$audit")
  watch_memory "$audit" "$work/kib" &
  local watcher=$!
  wait "$audit" || fail "an audit did not verify: $(cat "$status")"
  millis=$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))
  unset 'pids[-1]'
  wait "$watcher"
  memory=$(($(cat "$work/kib") / 1024))
}

median() {
  sort -n "$1" | sed -n "$(((rounds + 1) / 2))p"
}

build
machine
if [[ -n $log ]]; then
  cp -a "$log" "$work/long"
else
  printf '\nA log of %s single signed calls: ' "$long"
  fill long "$long"
fi
printf 'A log of %s: ' "$short"
fill short "$short"

printf '\nWhole audits of the long log, medians of %s rounds in turns:\n\n' "$rounds"
levels=('--level hashes' '--level signatures' '--jobs 1' "--jobs $(nproc)")
for ((round = 0; round < rounds; round++)); do
  "${caller[@]}" dev.glasshouse.bench.Signatures 10 >>"$work/raw"
  for i in "${!levels[@]}"; do
    # shellcheck disable=SC2086 # options
    audit long "$work/home-$i" --from-genesis ${levels[i]}
    echo "$millis" >>"$work/ms-$i"
    echo "$memory" >>"$work/mib-$i"
  done
done
raw=$(median "$work/raw")
printf 'Signatures alone, on all cores: %s a second.\n\n' "$raw"
printf '| audit | entries/s | of the signatures alone | most memory MiB |\n|---|--:|--:|--:|\n'
for i in "${!levels[@]}"; do
  rate=$((long * 1000 / $(median "$work/ms-$i")))
  printf '| `%s` | %s | %s | %s |\n' "${levels[i]}" "$rate" \
    "$(awk -v a="$rate" -v b="$raw" 'BEGIN { printf "%.2f", a / b }')" "$(median "$work/mib-$i")"
done

# What an audit remembers of both logs, before they grow.
for name in long short; do
  audit "$name" "$work/home-$name"
  fill "$name" "$new" >/dev/null
done
for ((round = 0; round < 2 * rounds + 1; round++)); do
  for name in long short; do
    rm -rf "$work/home"
    cp -R "$work/home-$name" "$work/home"
    audit "$name" "$work/home"
    echo "$millis" >>"$work/new-$name"
    grep -q "verified by an earlier audit" "$work/report" || fail 'an audit began at genesis'
  done
done
rounds=$((2 * rounds + 1))
printf '\nAn audit of %s new entries, medians of %s in turns: %s ms on %s entries, %s ms on %s: %s\n' \
  "$new" "$rounds" "$(median "$work/new-long")" "$long" "$(median "$work/new-short")" "$short" \
  "$(awk -v a="$(median "$work/new-long")" -v b="$(median "$work/new-short")" \
    'BEGIN { printf "%.2f times as long.", a / b }')"

start_host live counter.js --image-entries 0 --image-seconds 0
printf '\nglass verify --watch: '
GLASSHOUSE_HOME=$work/home-live "${caller[@]}" dev.glasshouse.bench.WatchLag \
  "127.0.0.1:$port" "$work/caller-live" 30 "$root/glass" verify "127.0.0.1:$port" --watch
