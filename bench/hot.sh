#!/usr/bin/env bash
# Measures each piece of a call's way through a host on its own, with JMH: parsing and verifying a request,
# executing it, deriving its entry, appending to the log, the receipt. In microseconds for a request, or for
# an append of so many entries.
#
# usage: hot.sh [--quick] [PIECE...]
#   --quick   one short round of each; says little, and that all of them run
#   PIECE     a part of a benchmark's name, such as Executions or Appends.append; all unless given
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

rounds=(-f 2 -wi 5 -w 2 -i 5 -r 2)
if [[ ${1:-} == --quick ]]; then
  rounds=(-f 1 -wi 1 -w 1 -i 1 -r 1)
  shift
fi
build
machine
jmh=$bench/target/jmh
if [[ ! $jmh/lib -nt $bench/jmh/pom.xml ]]; then
  rm -rf "$jmh/lib"
  mvn -B -q -f "$bench/jmh/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$jmh/lib" </dev/null
fi
rm -rf "$jmh/classes"
mkdir -p "$jmh/classes"
find "$bench/jmh/src" -name '*.java' -print0 |
  xargs -0 "${java}c" -Xlint:all,-processing -Werror --release 17 -d "$jmh/classes" -cp "$lib/*:$jmh/lib/*"
"$java" -cp "$jmh/classes:$lib/*:$jmh/lib/*" org.openjdk.jmh.Main "${rounds[@]}" -foe true \
  -jvmArgs "-XX:+UseSerialGC ${compiling[*]} -Djava.library.path=$root/cli/target/glasshouse/native ${natively[*]}" \
  "$@"
