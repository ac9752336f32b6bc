#!/usr/bin/env bash
# Makes a million signed calls of one host, and looks every two seconds at what it takes: resident memory,
# heap, open files, and what its callers wait for. Draws that as plots/soak.svg, and fails if memory or
# open files at the end are far from those after the first tenth.
#
# usage: soak.sh [--keep DIR] [CALLS]
#   --keep DIR  leaves the host's directory there afterwards
#   CALLS       1000000 unless given; of fewer than 300000 nothing is required, a JVM is still warming up
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

calls=1000000
callers=16
keep=
while (($# > 0)); do
  case $1 in
    --keep) keep=$2 && shift 2 ;;
    [0-9]*) calls=$1 && shift ;;
    *) fail 'usage: soak.sh [--keep DIR] [CALLS]' ;;
  esac
done

# usage: heap    of the host on $port, in bytes
heap() {
  curl -sf "http://127.0.0.1:$port/metrics" |
    awk '/^jvm_memory_used_bytes\{area="heap"/ { sum += $NF } END { printf "%d\n", sum }'
}

# The median of a column of the lines from one share of them to another.
# usage: middle COLUMN FROM TO    in hundredths
middle() {
  local lines
  lines=$(wc -l <"$work/soak.txt")
  sed -n "$((lines * $2 / 100 + 1)),$((lines * $3 / 100))p" "$work/soak.txt" | cut -d' ' -f"$1" | sort -n |
    awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# usage: flat NAME COLUMN MOST    at most so many times as much at the end as after the first tenth
flat() {
  local early late
  early=$(middle "$2" 10 30)
  late=$(middle "$2" 80 100)
  printf '| %s | %s | %s |\n' "$1" "$early" "$late"
  awk -v a="$early" -v b="$late" -v most="$3" 'BEGIN { exit !(b <= a * most) }' || rises+=("$1")
}

build
machine
start_host host counter.js
printf '\n%s callers, each with one call at a time, %s calls.\n\n' "$callers" "$calls"
# Columns: seconds, calls, p50 and p99 in ms, resident memory and heap in MiB, open files.
"${caller[@]}" dev.glasshouse.bench.Soak "127.0.0.1:$port" "$calls" "$callers" "$work/caller" |
  while read -r line; do
    resident=$(awk '/^VmRSS/ { print $2 * 1024 }' "/proc/$pid/status")
    files=("/proc/$pid/fd"/*)
    printf '%s %s %s %s\n' "$line" "$((resident >> 20))" "$(($(heap) >> 20))" "${#files[@]}"
  done >"$work/soak.txt"
stop

rises=()
printf '| | after a tenth to three tenths | in the last fifth |\n|---|--:|--:|\n'
flat 'p50, ms' 3 1.25
flat 'p99, ms' 4 2
flat 'resident memory, MiB' 5 1.25
flat 'open files' 7 1.25
printf '| heap in use, MiB | %s | %s |\n' "$(middle 6 10 30)" "$(middle 6 80 100)"
printf '\n%s calls in %s s.\n' "$calls" "$(tail -n 1 "$work/soak.txt" | cut -d' ' -f1)"
if command -v gnuplot >/dev/null; then
  "$bench/plot.sh" soak "$work/soak.txt"
fi
[[ -z $keep ]] || mv "$work/host" "$keep"
((calls < 300000 || ${#rises[@]} == 0)) || fail "this rises: ${rises[*]}"
