#!/usr/bin/env bash
# What the console costs its visitor: bytes of a first look, and how long until the log of a host can be
# read, searched and scrolled, in Chromium on this machine.
#
# usage: bench/console.sh [ENTRIES=1000]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
entries=${1:-1000}
build
start_host console counter.js
"${caller[@]}" dev.glasshouse.bench.Fill "127.0.0.1:$port" "$entries" "$work/caller-console"
(cd "$root/js" && npm run --silent build)
node "$root/js/console/measure.mjs" "http://127.0.0.1:$port/"
