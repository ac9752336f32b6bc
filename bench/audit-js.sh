#!/usr/bin/env bash
# Measures audits in JavaScript, in Node and in a tab of Chromium, beside `glass verify --jobs 1`, of one log
# that one `glass serve` serves to all. They take turns.
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

# usage: rate NAME    the median of its entries a second
rate() {
  local millis
  millis=$(sort -n "$work/$1.ms" | sed -n "$(((rounds + 1) / 2))p")
  echo $((size * 1000 / millis))
}

quotient() {
  awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

build
(cd "$root/js" && npm run --silent build)
if [[ -n $log ]]; then
  cp -a "$log" "$work/log"
else
  start_host log counter.js
  "${caller[@]}" dev.glasshouse.bench.Fill "127.0.0.1:$port" "$entries" "$work/caller"
  stop
fi
export GLASSHOUSE_HOME=$work/home
start copy "$root/glass" serve "$work/log" -p 0
url=http://127.0.0.1:$port/
size=$(curl -sS --fail "${url}checkpoint" | sed -n 2p)
machine
load=$(cut -d' ' -f1 /proc/loadavg)
what=${log:+--log}

for ((round = 0; round < rounds; round++)); do
  timed java "$root/glass" verify "$url" --jobs 1 --from-genesis
  timed node node "$root/js/verifier/dist/cli.js" "$url" --from-genesis
  # The tab is open already: its time is that from the button to the verdict.
  node "$root/js/console/audit-tab.mjs" "$url" >>"$work/tab.ms"
done

java=$(rate java)
node=$(rate node)
tab=$(rate tab)
printf '\n| entries/s, median of %s in turns | `glass verify --jobs 1` | in Node | | in a tab | |\n' "$rounds"
printf '|---|--:|--:|--:|--:|--:|\n'
printf '| %s entries, `bench/audit-js.sh --rounds %s %s` at a load of %s | %s | %s | %s | %s | %s |\n' \
  "$size" "$rounds" "${what:-$entries}" "$load" "$java" "$node" "$(quotient "$node" "$java")" "$tab" "$(quotient "$tab" "$java")"
