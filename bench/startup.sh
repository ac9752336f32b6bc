#!/usr/bin/env bash
# Measures how long the commands take to start, with the class data that ./glass keeps, with those that
# come with Java alone, and with none. DISTRIBUTION is a glasshouse-*.tar.gz; without it, the source tree
# is measured.
#
# usage: startup.sh [RUNS [DISTRIBUTION]]
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

runs=${1:-7}
glass=$root/glass
samples=$root/samples
# What is named after ours on the command line takes its place.
own_java=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
declare -A options=(
  [own]=''
  [java]="-XX:SharedArchiveFile=$own_java/lib/server/classes.jsa"
  [none]='-Xshare:off'
)

milliseconds_since() {
  echo $(((${EPOCHREALTIME/./} - ${1/./}) / 1000))
}

# Each of the two notes how long that took by the clock in $1, and by the processor in $1-busy.
version() {
  local began=$EPOCHREALTIME TIMEFORMAT='%3U %3S' busy
  busy=$({ time "$glass" --version >/dev/null; } 2>&1)
  milliseconds_since "$began" >>"$work/$1"
  awk '{ print int(($1 + $2) * 1000) }' <<<"$busy" >>"$work/$1-busy"
}

# Until the host has said that it serves, and its /health has answered.
serve() {
  local began=$EPOCHREALTIME answer stat
  rm -rf "$work/served"
  start_quickly "$glass" exec "$samples/counter.js" -p 0 --dir "$work/served"
  exec 4<>"/dev/tcp/127.0.0.1/$port"
  printf 'GET /health HTTP/1.0\r\n\r\n' >&4
  IFS= read -r answer <&4
  [[ $answer == 'HTTP/1.0 200 '* ]] || fail "/health answered $answer"
  milliseconds_since "$began" >>"$work/$1"
  read -ra stat <"/proc/$pid/stat" # its own ticks, and those of what it waited for: proc(5)
  echo $(((stat[13] + stat[14] + stat[15] + stat[16]) * 1000 / $(getconf CLK_TCK))) >>"$work/$1-busy"
  exec 4>&-
  stop
}

# As start in common.sh, but reads the first line as it comes.
start_quickly() {
  local first
  mkfifo -m 600 "$work/fifo"
  "$@" >"$work/fifo" 2>"$work/served.err" </dev/null &
  pid=$!
  pids+=("$pid")
  exec 3<"$work/fifo"
  rm "$work/fifo"
  IFS= read -r -t 60 first <&3 || fail "this does not serve: $*"
  port=${first##*:}
}

median() {
  sort -n "$1" | sed -n "$(((runs + 1) / 2))p"
}

# usage: row NAME COMMAND
row() {
  local which
  printf '| %s |' "$2"
  for which in own java none; do
    printf ' %s / %s |' "$(median "$work/$1-$which")" "$(median "$work/$1-$which-busy")"
  done
  printf '\n'
}

if (($# > 1)); then
  mkdir "$work/unpacked"
  tar -xzf "$2" -C "$work/unpacked"
  glass=$(echo "$work"/unpacked/*/glass)
  samples=$(dirname "$glass")/samples
  ls -l "$2"
  du -sh "$(dirname "$glass")"
  version first
  printf 'The first use took %s ms, %s of the processor.\n' "$(<"$work/first")" "$(<"$work/first-busy")"
  kept=$(dirname "$glass")
else
  build
  kept=$root/cli/target/glasshouse
fi
[[ -n $(find "$kept" -maxdepth 1 -name 'classes-*.jsa' -size +0) ]] || fail 'there are no class data'
machine
for ((i = 0; i < runs; i++)); do
  for which in own java none; do
    GLASS_JAVA_OPTS=${options[$which]} version "version-$which"
    GLASS_JAVA_OPTS=${options[$which]} serve "serve-$which"
  done
done
printf '\nMedians of %s runs, in milliseconds by the clock / of the processor:\n\n' "$runs"
printf '| command | with our class data | with Java'"'"'s alone | with none |\n|---|--:|--:|--:|\n'
row version '`glass --version`'
row serve '`glass exec counter.js`, new log, until `/health` answers'
