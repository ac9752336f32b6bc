#!/usr/bin/env bash
# Runs the tests of the project test262 (its test/language and test/built-ins) inside the sandbox on two
# engines, and prints what passes and every case in which the engines differ. Fails if one does.
#
# usage: test262.sh [--filter PREFIX] [--without PREFIX] [--every N] [--engines A,B] [--minutes M]
#                   [--fuel POLLS] [--results DIRECTORY] SUITE
#   SUITE       a checkout of test262
#   --filter    only tests below test/PREFIX, such as built-ins/Array
#   --without   only tests not below test/PREFIX
#   --every     only every Nth file
#   --engines   v8,endive unless given; one alone may be named, to compare it with kept results
#   --minutes   stop each engine after so long; what both have run is compared
#   --results   keep the results here; the next run goes on where this one ended
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage='usage: test262.sh [OPTIONS] SUITE; the options are explained in the file'
filter=
without=-
every=1
engines=v8,endive
minutes=100000
fuel=500 # the largest tests that pass use 445
results=$work
while (($# > 1)); do
  case $1 in
    --filter) filter=$2 ;;
    --without) without=$2 ;;
    --every) every=$2 ;;
    --engines) engines=$2 ;;
    --minutes) minutes=$2 ;;
    --fuel) fuel=$2 ;;
    --results) results=$2 ;;
    *) fail "$usage" ;;
  esac
  shift 2
done
suite=${1:-}
[[ -f $suite/harness/assert.js ]] || fail "$usage"

build
build_crosscheck
machine
mkdir -p "$results"
began=$SECONDS
for engine in ${engines//,/ }; do
  "$java" -Xmx1g "${slowly[@]}" "${natively[@]}" -cp "$bench/target/crosscheck:$lib/*" dev.glasshouse.vm.test262.Test262 \
    "$engine" "$suite" "$results/$engine.tsv" "$filter" "$without" "$every" "$fuel" "$minutes" &
  pids+=("$!")
done
failed=0
for pid in "${pids[@]}"; do
  wait "$pid" || failed=1
done
pids=()
((failed == 0)) || fail 'an engine failed'

printf '\n%-8s %8s %8s %8s %8s\n' engine cases pass fail skip
for file in "$results"/*.tsv; do
  awk -F'\t' -v engine="$(basename "$file" .tsv)" '{ n[$2]++ } END {
    printf "%-8s %8d %8d %8d %8d\n", engine, NR, n["pass"], n["fail"], n["skip"] }' "$file"
done
[[ -f $results/v8.tsv && -f $results/endive.tsv ]] || exit 0
tab=$'\t'
LC_ALL=C join -t "$tab" <(LC_ALL=C sort "$results/v8.tsv") <(LC_ALL=C sort "$results/endive.tsv") |
  awk -F'\t' '
    { both++ }
    $2 FS $3 FS $4 FS $5 != $6 FS $7 FS $8 FS $9 {
      differ++
      printf "\nDIFFERENCE in %s\n  v8     %s, fuel %s, heap %s, %s\n  endive %s, fuel %s, heap %s, %s\n",
        $1, $2, $3, $4, $5, $6, $7, $8, $9
    }
    END {
      printf "\n%d cases run by both, %d differ in verdict, outcome, fuel or heap.\n", both, differ
      exit differ > 0
    }'
printf 'It took %s s.\n' $((SECONDS - began))
