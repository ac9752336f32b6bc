#!/usr/bin/env bash
# Measures how long the commands take to start, with and without the archive of loaded classes that
# ./glass keeps.
#
# usage: startup.sh [RUNS]
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

runs=${1:-7}
# The archive that comes with the JDK, named after ours on the command line, takes its place.
own_java=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
without="-XX:SharedArchiveFile=$own_java/lib/server/classes.jsa"

milliseconds_since() {
  echo $(((${EPOCHREALTIME/./} - ${1/./}) / 1000))
}

version() {
  local began=$EPOCHREALTIME
  "$root/glass" --version >/dev/null
  milliseconds_since "$began"
}

# Until the host has said that it serves, and its /health has answered.
serve() {
  local began=$EPOCHREALTIME answer
  rm -rf "$work/served"
  start_quickly "$root/glass" exec "$root/samples/counter.js" -p 0 --dir "$work/served"
  exec 4<>"/dev/tcp/127.0.0.1/$port"
  printf 'GET /health HTTP/1.0\r\n\r\n' >&4
  IFS= read -r answer <&4
  [[ $answer == 'HTTP/1.0 200 '* ]] || fail "/health answered $answer"
  milliseconds_since "$began" >>"$work/$1"
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

build
[[ -f $root/cli/target/glasshouse/glasshouse.jsa ]] || fail 'there is no class-data archive'
machine
for ((i = 0; i < runs; i++)); do
  version >>"$work/version-with"
  GLASS_JAVA_OPTS=$without version >>"$work/version-without"
  serve serve-with
  GLASS_JAVA_OPTS=$without serve serve-without
done
printf '\nMedians of %s runs, in milliseconds:\n\n' "$runs"
printf '| command | with the archive | without |\n|---|--:|--:|\n'
printf '| `glass --version` | %s | %s |\n' \
  "$(median "$work/version-with")" "$(median "$work/version-without")"
printf '| `glass exec counter.js`, new log, until `/health` answers | %s | %s |\n' \
  "$(median "$work/serve-with")" "$(median "$work/serve-without")"
