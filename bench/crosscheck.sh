#!/usr/bin/env bash
# Runs the same random programs in JVMs of different engine, time zone, locale, heap and compiler, and
# compares each reply, the fuel of each turn and the heap after it. Ends at the first difference and
# prints it with its program.
#
# usage: crosscheck.sh [--seed FIRST] [--engines A,B] [--change CHANGE] [CALLS]
#   CALLS    calls to compare, 20000 unless given
#   CHANGE   CLOCK, FUEL or ENTROPY: what engine A is told otherwise, to see that it is found
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

calls=20000
first=0
engines=v8,endive
change=NONE
while (($# > 0)); do
  case $1 in
    --seed) first=$2 && shift 2 ;;
    --engines) engines=$2 && shift 2 ;;
    --change) change=$2 && shift 2 ;;
    [0-9]*) calls=$1 && shift ;;
    *) fail 'usage: crosscheck.sh [--seed FIRST] [--engines A,B] [--change CHANGE] [CALLS]' ;;
  esac
done
one=${engines%,*}
two=${engines#*,}

calls_each=25 # of each program
chunk=7000    # programs of one pair of JVMs at most

huge="${slowly[*]}"
# Each pair of JVMs takes two neighbours of this list.
settings=(
  "-Duser.timezone=UTC -Duser.language=en -Duser.country=US -Xmx1g $huge"
  "-Duser.timezone=Asia/Kathmandu -Duser.language=ar -Duser.country=EG -Xmx512m -XX:+UseSerialGC $huge -Dcrosscheck.v8flags=--liftoff-only"
  "-Duser.timezone=America/St_Johns -Duser.language=tr -Duser.country=TR -Xmx2g -XX:+UseParallelGC $huge -Dcrosscheck.v8flags=--no-liftoff"
  "-Duser.timezone=Pacific/Apia -Duser.language=hi -Duser.country=IN -Dfile.encoding=ISO-8859-1 -Xmx768m -XX:-TieredCompilation $huge"
  "-Duser.timezone=Africa/Casablanca -Duser.language=de -Duser.country=DE -Xmx1g -XX:UseAVX=0 -XX:-UseCompressedOops $huge -Dcrosscheck.v8flags=--no-enable-avx"
  "-Duser.timezone=Antarctica/Troll -Duser.language=th -Duser.country=TH -Xmx600m -XX:+UseG1GC -Xss4m -XX:-UseOnStackReplacement $huge"
)

# usage: run SETTING COMMAND ARGUMENTS...
run() {
  local flags
  read -ra flags <<<"$1"
  shift
  "$java" "${flags[@]}" "${natively[@]}" -cp "$bench/target/crosscheck:$lib/*" \
    dev.glasshouse.vm.crosscheck.CrossCheck "$@"
}

# usage: in_parallel COMMAND FROM TO    into the files one and two
in_parallel() {
  local failed=0 pid_one
  run "$setting_one" "$1" "$one" "$change" "$2" "$3" >"$work/one" &
  pid_one=$!
  pids+=("$pid_one")
  run "$setting_two" "$1" "$two" "$change_two" "$2" "$3" >"$work/two" || failed=1
  wait "$pid_one" || failed=1
  unset 'pids[-1]'
  ((failed == 0)) || fail "a JVM failed between seeds $2 and $3"
}

# Prints the first difference of the two files, and how to see it again.
report() {
  local seed=$1
  in_parallel turns "$seed" $((seed + 1))
  printf '\nDIFFERENCE at seed %s\n\n' "$seed"
  run "${settings[0]}" show "$seed"
  printf '\nThe first turn that differs:\n'
  printf '\n%s, %s:\n' "$one" "$setting_one"
  diff "$work/one" "$work/two" | grep -m1 '^<' || true
  printf '\n%s, %s:\n' "$two" "$setting_two"
  diff "$work/one" "$work/two" | grep -m1 '^>' || true
  exit 1
}

build
build_crosscheck
machine
began=$SECONDS
turns=0
last=$((first + (calls + calls_each - 1) / calls_each))
piece=$(((last - first + ${#settings[@]} - 1) / ${#settings[@]}))
((piece <= chunk)) || piece=$chunk
for ((from = first, i = 0; from < last; from += piece, i++)); do
  to=$((from + piece < last ? from + piece : last))
  setting_one=${settings[i % ${#settings[@]}]}
  setting_two=${settings[(i + 1) % ${#settings[@]}]}
  # Restarts from images and rehearsals that are rewound must not show, on either engine.
  change_two=$( ((i % 2)) && echo DISTURBED || echo NONE)
  in_parallel seeds "$from" "$to"
  if ! cmp -s "$work/one" "$work/two"; then
    report "$(diff "$work/one" "$work/two" | awk '/^[<>]/ { print $2; exit }')"
  fi
  turns=$((turns + $(awk '{ n += $2 } END { print n }' "$work/one")))
  printf 'seeds %s to %s: alike; so far %s turns in %s s\n' \
    "$from" $((to - 1)) "$turns" $((SECONDS - began))
done
printf '%s and %s: no difference in %s calls (%s turns) of %s programs, seeds %s to %s, in %s s.\n' \
  "$one" "$two" $(((last - first) * calls_each)) "$turns" $((last - first)) \
  "$first" $((last - 1)) $((SECONDS - began))
