#!/usr/bin/env bash
# Shows where the thread of a busy host's module is, by sampling its stack, and the time that each
# thread of host and caller spent on a processor meanwhile.
#
# usage: profile.sh [signed|debug] [SAMPLE] [IN-FLIGHT] [SAMPLES]
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

system=${1:-signed}
script=${2:-counter.js}
in_flight=${3:-1}
samples=${4:-60}
warm_up=10

# usage: processor_times PID    prints "NAME<tab>MILLISECONDS" for each thread name
processor_times() {
  local task
  for task in /proc/"$1"/task/*; do
    printf '%s\t%s\n' "$(cat "$task/comm")" "$(sed 's/^.*) //' "$task/stat" | cut -d' ' -f12,13)"
  done 2>/dev/null | awk -F'\t' '{ split($2, t, " "); ms[$1] += 10 * (t[1] + t[2]) }
    END { for (name in ms) print name "\t" ms[name] }' | sort
}

# usage: report NAME BEFORE AFTER
report() {
  printf '\nProcessor time by thread of the %s, ms:\n' "$1"
  join -t $'\t' "$2" "$3" | awk -F'\t' '$3 - $2 >= 20 { print $3 - $2 "\t" $1 }' | sort -rn
}

# usage: sample PID THREAD    one line: the innermost frame of ours, and what it was waiting in
sample() {
  jstack "$1" | awk -v thread="\"$2" '
    index($0, thread) == 1 { found = 1; next }
    found && /^$/ { exit }
    found && $1 == "at" { sub(/^[ \t]*at ([a-z.]*@[^\/]*\/)?/, ""); if (!leaf) leaf = $0
      if (/dev\.glasshouse/) { own = $0; exit } }
    END { sub(/\(.*/, "", leaf); sub(/.*glasshouse\./, "", own); print own, "in", leaf }'
}

build
machine
flag=()
[[ $system == signed ]] || flag=(--debug)
start_host profiled "$script" "${flag[@]}"
host=$pid
drive=("${caller[@]}" dev.glasshouse.bench.Drive "$system" "localhost:$port" "$work/caller")
"${drive[@]}" 64 "$warm_up" >/dev/null
"${drive[@]}" "$in_flight" 600 &
driver=$!
pids+=("$driver")
sleep 5
processor_times "$host" >"$work/host.before"
processor_times "$driver" >"$work/caller.before"
for ((i = 0; i < samples; i++)); do
  sample "$host" module >>"$work/host.samples"
  [[ $system == debug ]] || sample "$driver" glasshouse-client >>"$work/caller.samples"
done
processor_times "$host" >"$work/host.after"
processor_times "$driver" >"$work/caller.after"

printf '\n%s, %s, %s in flight; %s samples of the thread that executes and commits:\n' \
  "$system" "$script" "$in_flight" "$samples"
sort "$work/host.samples" | uniq -c | sort -rn | head -n 12
if [[ $system == signed ]]; then
  printf '\nThe thread of the caller that verifies receipts:\n'
  sort "$work/caller.samples" | uniq -c | sort -rn | head -n 12
fi
report host "$work/host.before" "$work/host.after"
report caller "$work/caller.before" "$work/caller.after"
