#!/usr/bin/env bash
# Measures an audit by js/verifier in Node beside `glass verify --jobs 1`, of one exported log behind one
# static web server. The two take turns. Takes js/ built (npm run build).
#
# usage: audit-js.sh [--rounds N] [--log DIR] [ENTRIES]
#   --log DIR  a stopped host's directory that has so many entries of counter.js; otherwise one is made
#   ENTRIES    single signed calls, 100000 unless given
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

rounds=3
entries=100000
log=
while (($# > 0)); do
  case $1 in
    --rounds) rounds=$2 && shift 2 ;;
    --log) log=$2 && shift 2 ;;
    [0-9]*) entries=$1 && shift ;;
    *) fail 'usage: audit-js.sh [--rounds N] [--log DIR] [ENTRIES]' ;;
  esac
done

# usage: timed NAME COMMAND...    appends milliseconds to $work/NAME.ms
timed() {
  local name=$1 began=$EPOCHREALTIME
  shift
  "$@" >"$work/said" || fail "an audit did not verify: $(cat "$work/said")"
  echo $(((${EPOCHREALTIME/./} - ${began/./}) / 1000)) >>"$work/$name.ms"
}

build
machine
if [[ -n $log ]]; then
  cp -a "$log" "$work/log"
else
  start_host log counter.js
  "${caller[@]}" dev.glasshouse.bench.Fill "127.0.0.1:$port" "$entries" "$work/caller"
  stop
fi
export GLASSHOUSE_HOME=$work/home
"$root/glass" export "$work/log" "$work/export" >"$work/said"
size=$(sed -n 's/^Checkpoint: \([0-9]*\) .*/\1/p' "$work/said")

node --input-type=module -e "
  import { Files } from '$root/js/verifier/build/host/static-server.js'
  console.log((await Files.serve('$work/export')).url)" >"$work/url" &
pids+=("$!")
until [[ -s $work/url ]]; do sleep 0.1; done
url=$(<"$work/url")

for ((round = 0; round < rounds; round++)); do
  timed java "$root/glass" verify "$url" --jobs 1 --from-genesis
  timed node node "$root/js/verifier/dist/cli.js" "$url" --from-genesis
done
printf '| audit of %s entries, median of %s in turns | entries/s |\n|---|--:|\n' "$size" "$rounds"
for name in java node; do
  millis=$(sort -n "$work/$name.ms" | sed -n "$(((rounds + 1) / 2))p")
  printf '| %s | %s |\n' "$name" "$((size * 1000 / millis))"
done
