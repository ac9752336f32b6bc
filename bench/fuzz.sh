#!/usr/bin/env bash
# Fuzzes the parsers of what comes from outside, one after another, from the inputs in the tree. An
# input that breaks a parser's contract, takes it ten seconds or fills its heap is kept beside those,
# where every build runs it from then on; the others that reach new code stay below target/fuzz.
#
# usage: fuzz.sh [TARGET] [SECONDS]
#   TARGET   part of a test's name, such as Note or EvidenceFuzzTest.files; all unless given
#   SECONDS  for each, 30 unless given
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

target=
seconds=30
for argument; do
  case $argument in
    *[!0-9]*) target=$argument ;;
    ?*) seconds=$argument ;;
    *) fail 'usage: fuzz.sh [TARGET] [SECONDS]' ;;
  esac
done

# Compiles the tests, and asks Maven for what they are run with.
build_tests() {
  (cd "$root" && mvn -B -q test-compile dependency:build-classpath \
    -Dmdep.includeScope=test -Dmdep.outputFile=target/fuzz.classpath)
}

# usage: fuzz MODULE CLASS METHOD
fuzz() {
  local module=$root/$1 class=$2 method=$3 path inputs found status=0
  path=${class//.//}Inputs/$method
  inputs=$module/src/test/resources/$path
  found=$module/target/fuzz/$path
  mkdir -p "$inputs" "$found"
  # The first folder takes what is found, the second is only read.
  (cd "$found" && JAZZER_FUZZ=1 nice "$java" -Xmx1g -XX:+UseSerialGC -XX:-OmitStackTraceInFastThrow \
    -cp "$module/target/classes:$module/target/test-classes:$(cat "$module/target/fuzz.classpath")" \
    com.code_intelligence.jazzer.Jazzer "--target_class=$class" "--target_method=$method" \
    '--instrumentation_includes=dev.glasshouse.**' '--custom_hook_includes=dev.glasshouse.**' \
    "--reproducer_path=$work" "-artifact_prefix=$inputs/" "-max_total_time=$seconds" \
    -timeout=10 -rss_limit_mb=2500 -max_len=16384 -print_final_stats=1 \
    "$found" "$inputs") </dev/null >"$work/log" 2>&1 || status=$?
  printf '%-45s %10s executions  %5s inputs  %s\n' "${class##*.}.$method" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")" \
    "$(find "$found" -type f | wc -l)" "$( ((status == 0)) && echo 'no finding' || echo FOUND)"
  if ((status != 0)); then
    cat "$work/log" >&2
    failed=yes
  fi
}

failed=
build_tests
while IFS=: read -r file line; do
  module=${file%%/src/*}
  class=${file#*/src/test/java/}
  class=${class%.java}
  class=${class//\//.}
  method=${line%%(*}
  method=${method##* }
  if [[ ${class##*.}.$method == *$target* ]]; then
    fuzz "$module" "$class" "$method"
  fi
done < <(cd "$root" && grep -r -A1 --with-filename --include='*FuzzTest.java' '@FuzzTest' -- */src/test/java |
  sed -n 's/^\(.*\.java\)-\( *void .*\)$/\1:\2/p' | sort)
[[ -z $failed ]]
