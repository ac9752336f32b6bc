#!/usr/bin/env bash
# Damages one file of a host's directory at a time, by a flipped bit, a cut or removing it, and demands
# that the host serves all that was signed or refuses to start, naming the file, and that glass fsck
# had said so.
#
# usage: damage.sh [TRIALS] [SEED]
#   TRIALS  2000 unless given
#   SEED    of the offsets and bits, from the time unless given; a failure prints it
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

trials=${1:-2000}
seed=${2:-$(date +%s)}
case $trials$seed in
  *[!0-9]*) fail 'usage: damage.sh [TRIALS] [SEED]' ;;
esac

printf '%s trials, seed %s\n' "$trials" "$seed"
began=$EPOCHREALTIME
if ! (cd "$root" && mvn -B -q -pl cli -am test -Dtest=DamageTest "-Dglasshouse.damage=$trials" \
  "-Dglasshouse.seed=$seed" -Dsurefire.failIfNoSpecifiedTests=false) >"$work/log" 2>&1 </dev/null; then
  grep -v -e ' WARN ' -e ' INFO ' "$work/log" >&2
  fail "what failed is above; damage.sh $trials $seed shows it again"
fi
printf 'Each time all was served, or refused with the name of the file, in %s s.\n' \
  "$(((${EPOCHREALTIME/./} - ${began/./}) / 1000000))"
