#!/usr/bin/env bash
# What the console costs its visitor: bytes of a first look, how long until the log of a host can be read,
# scrolled, searched and drawn in charts, and what memory that takes, in Chromium on this machine. Fails if
# the page shows another log than the host has.
#
# usage: console.sh [--quick | --entries N | --log DIR]
#   --entries N  single signed calls, 100000 unless given
#   --quick      5000 of them: that it still works
#   --log DIR    a stopped host's directory that has them; otherwise one is made
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

entries=100000
log=
while (($# > 0)); do
  case $1 in
    --quick) entries=5000 && shift ;;
    --entries) entries=$2 && shift 2 ;;
    --log) log=$2 && shift 2 ;;
    *) fail 'usage: console.sh [--quick | --entries N | --log DIR]' ;;
  esac
done

build
[[ -z $log ]] || cp -a "$log" "$work/console"
# Without images the log does not grow while it is looked at.
start_host console counter.js --image-entries 0 --image-seconds 0
[[ -n $log ]] || "${caller[@]}" dev.glasshouse.bench.Fill "127.0.0.1:$port" "$entries" "$work/caller-console"
(cd "$root/js" && npm run --silent build)
machine
node "$root/js/console/measure.mjs" "http://127.0.0.1:$port/"
