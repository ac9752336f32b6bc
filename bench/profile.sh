#!/usr/bin/env bash
# Shows where a busy host and its caller spend their time, by the JVM's own sampling of stacks, in Java and
# in native code: the share of each thread, of each frame of ours, and both as flame graphs beside the plots.
#
# usage: profile.sh [signed|debug] [SAMPLE] [IN-FLIGHT] [SECONDS]
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

system=${1:-signed}
script=${2:-counter.js}
in_flight=${3:-64}
seconds=${4:-20}
warm_up=15

# usage: processor_times PID    prints "NAME<tab>MILLISECONDS" for each thread name
processor_times() {
  local task
  for task in /proc/"$1"/task/*; do
    printf '%s\t%s\n' "$(cat "$task/comm")" "$(sed 's/^.*) //' "$task/stat" | cut -d' ' -f12,13)"
  done 2>/dev/null | awk -F'\t' '{ split($2, t, " "); ms[$1] += 10 * (t[1] + t[2]) }
    END { for (name in ms) print name "\t" ms[name] }' | sort
}

# usage: report NAME    of the times in $work
report() {
  printf '\nProcessor time by thread of the %s, ms:\n' "$1"
  join -t $'\t' "$work/$1.before" "$work/$1.after" |
    awk -F'\t' '$3 - $2 >= 20 { print $3 - $2 "\t" $1 }' | sort -rn
}

# Stacks from the outermost frame to the innermost, one for each sample, without those that only wait.
# usage: fold RECORDING
fold() {
  "${JAVA_HOME:+$JAVA_HOME/bin/}jfr" print --events jdk.ExecutionSample,jdk.NativeMethodSample \
    --stack-depth 64 "$1" | awk '
    /sampledThread = / {
      thread = $0
      sub(/^[^"]*"/, "", thread)
      sub(/".*/, "", thread)
      gsub(/[-# ]?[0-9]+/, "", thread)
    }
    /stackTrace = \[/ { inside = 1; stack = ""; leaf = ""; next }
    inside && /^ *\]/ {
      inside = 0
      if (leaf !~ /(EPoll|Net|Unsafe|Object|Native|Kqueue|Socket.*)\.(wait|poll|park|epollWait|accept)/) {
        print thread stack
      }
    }
    inside {
      frame = $1
      sub(/\(.*/, "", frame)
      n = split(frame, part, ".")
      frame = part[n - 1] "." part[n]
      sub(/\$\$Lambda.*\./, "$lambda.", frame)
      if (!leaf) leaf = frame
      stack = ";" frame stack
    }'
}

# usage: shares FOLDED    of each thread, and of the frames that most of its samples are in
shares() {
  awk -F';' '
    {
      total++
      threads[$1]++
      split("", seen)
      for (i = 2; i <= NF; i++) {
        if (!($i in seen)) {
          seen[$i] = 1
          frames[$1, $i]++
        }
      }
    }
    END {
      for (thread in threads) {
        if (threads[thread] < total / 50) continue
        share = sprintf("%05.1f", 100 * threads[thread] / total)
        printf "%s\t%s\t999\t\n", share, thread
        for (key in frames) {
          split(key, part, SUBSEP)
          if (part[1] == thread && frames[key] >= total / 25) {
            printf "%s\t%s\t%05.1f\t%s\n", share, thread, 100 * frames[key] / total, part[2]
          }
        }
      }
    }' "$1" | LC_ALL=C sort -r |
    awk -F'\t' '$4 == "" { printf "\n%5.1f %% %s\n", $1, $2; next } { printf "  %5.1f %% %s\n", $3, $4 }'
}

build
machine
flag=()
[[ $system == signed ]] || flag=(--debug)
start_host profiled "$script" "${flag[@]}"
host=$pid
drive=(dev.glasshouse.bench.Drive "$system" "localhost:$port" "$work/drive" "$in_flight")
"${caller[@]}" "${drive[@]}" "$warm_up" >/dev/null
"${caller[@]:0:2}" "-XX:StartFlightRecording=settings=profile,delay=5s,filename=$work/caller.jfr" \
  -Xlog:jfr*=off "${caller[@]:2}" "${drive[@]}" "$((seconds + 6))" >"$work/rate" &
driver=$!
pids+=("$driver")
sleep 5
processor_times "$host" >"$work/host.before"
processor_times "$driver" >"$work/caller.before"
"${JAVA_HOME:+$JAVA_HOME/bin/}jcmd" "$host" JFR.start settings=profile "filename=$work/host.jfr" >/dev/null
sleep "$seconds"
"${JAVA_HOME:+$JAVA_HOME/bin/}jcmd" "$host" JFR.stop name=1 >/dev/null
processor_times "$host" >"$work/host.after"
processor_times "$driver" >"$work/caller.after"
wait "$driver"
unset 'pids[-1]'

printf '\n%s, %s, %s in flight: %s\n' "$system" "$script" "$in_flight" "$(tail -n 1 "$work/rate")"
for side in host caller; do
  fold "$work/$side.jfr" >"$work/$side.folded"
  printf '\nOf %s samples of the %s:\n' "$(wc -l <"$work/$side.folded")" "$side"
  shares "$work/$side.folded"
  report "$side"
  "$bench/plot.sh" flame "$work/$side.folded" "$side"
done
