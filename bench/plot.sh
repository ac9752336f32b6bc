#!/usr/bin/env bash
# Draws what was measured as SVG, into plots/ beside this script. Needs gnuplot (Debian's gnuplot-nox).
#
# usage: plot.sh compare         calls/s of all systems, from the table in README.md
#        plot.sh soak FILE       what soak.sh has seen: seconds, calls, p50 and p99 in ms, resident memory
#                                and heap in MiB, open files
set -euo pipefail
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
data=$(mktemp)
trap 'rm -f "$data"' EXIT

fail() {
  printf 'plot.sh: %s\n' "$1" >&2
  exit 1
}

command -v gnuplot >/dev/null || fail 'gnuplot is needed to draw (Debian: gnuplot-nox)'
mkdir -p "$bench/plots"

# White behind, so that it can be read on a dark page; one set of colours that also differ in grey.
style='
set terminal svg size 860,HEIGHT font "sans-serif,13" background "#ffffff"
set border 3 lc rgb "#606060"
set tics nomirror
set grid ytics lc rgb "#d8d8d8"
set linetype 1 lc rgb "#1b4f8a" lw 2
set linetype 2 lc rgb "#d95f02" lw 2
set linetype 3 lc rgb "#7f7f7f" lw 2
'

case ${1:-} in
  compare)
    # A row for each workload: its name, then signed, debug, Node.
    awk -F' *\\| *' '
      /^\| (in-memory|persistent) \|/ {
        row = $2 "\\n" $3 " in flight\\n" $4 ($4 == 1 ? " connection" : " connections")
        if (!(row in rate)) {
          order[++n] = row
        }
        rate[row] = rate[row] "\t" $6
      }
      END {
        for (i = 1; i <= n; i++) {
          print "\"" order[i] "\"" rate[order[i]]
        }
      }' "$bench/README.md" >"$data"
    [[ -s $data ]] || fail 'README.md has no table of compare.sh'
    gnuplot <<END
${style/HEIGHT/460}
set output "$bench/plots/compare.svg"
set datafile separator "\t"
set title "Calls per second (logarithmic)"
set logscale y
set yrange [100:200000]
set style data histogram
set style histogram clustered gap 1
set style fill solid
set boxwidth 0.9
set xtics scale 0
set bmargin 4
set key outside top center horizontal samplen 2 width -4
plot "$data" using 2:xtic(1) title "signed, synced, receipts verified" lt 1, \\
  "" using 3 title "--debug" lt 2, "" using 4 title "Node, unsigned, unlogged" lt 3
END
    echo "$bench/plots/compare.svg"
    ;;
  soak)
    [[ -s ${2:-} ]] || fail 'usage: plot.sh soak FILE'
    gnuplot <<END
${style/HEIGHT/900}
set output "$bench/plots/soak.svg"
set multiplot layout 3,1 title "$(tail -n 1 "$2" | cut -d' ' -f2) signed calls, one after the other by each of several callers"
set xlabel "calls, thousands"
set yrange [0:*]
set rmargin 4
set key outside top right horizontal
set ylabel "ms"
plot "$2" using (\$2/1000):3 with lines lt 1 title "p50 of two seconds", "" using (\$2/1000):4 with lines lt 2 title "p99"
set ylabel "MiB"
plot "$2" using (\$2/1000):5 with lines lt 1 title "resident memory", "" using (\$2/1000):6 with lines lt 2 title "heap in use"
set ylabel "open files"
plot "$2" using (\$2/1000):7 with lines lt 1 title "open files"
unset multiplot
END
    echo "$bench/plots/soak.svg"
    ;;
  *) fail 'usage: plot.sh compare | plot.sh soak FILE' ;;
esac
