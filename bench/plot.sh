#!/usr/bin/env bash
# Draws what was measured as SVG, into plots/ beside this script or into $PLOTS. Needs gnuplot (Debian's
# gnuplot-nox), but for flame graphs.
#
# usage: plot.sh compare         calls/s of all systems, from the table in README.md
#        plot.sh soak FILE       what soak.sh has seen: seconds, calls, p50 and p99 in ms, resident memory
#                                and heap in MiB, open files
#        plot.sh flame FILE NAME a flame graph of stacks, one to a line, outermost frame first, with
#                                semicolons between; names to read and to hover over
set -euo pipefail
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
plots=${PLOTS:-$bench/plots}
data=$(mktemp)
trap 'rm -f "$data"' EXIT

fail() {
  printf 'plot.sh: %s\n' "$1" >&2
  exit 1
}

[[ ${1:-} == flame ]] || command -v gnuplot >/dev/null || fail 'gnuplot is needed to draw (Debian: gnuplot-nox)'
mkdir -p "$plots"

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
set output "$plots/compare.svg"
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
    echo "$plots/compare.svg"
    ;;
  soak)
    [[ -s ${2:-} ]] || fail 'usage: plot.sh soak FILE'
    gnuplot <<END
${style/HEIGHT/900}
set output "$plots/soak.svg"
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
    echo "$plots/soak.svg"
    ;;
  flame)
    [[ -s ${2:-} && -n ${3:-} ]] || fail 'usage: plot.sh flame FILE NAME'
    LC_ALL=C sort "$2" | awk -F';' '
      BEGIN { WIDTH = 1180; ROW = 15 }
      # Frames of the line before that this one has not end here.
      function close_from(depth,   d) {
        for (d = depths; d >= depth; d--) {
          n++
          frame[n] = open[d]; from[n] = since[d]; to[n] = line; at[n] = d
          if (d > deepest && to[n] - from[n] > 0) deepest = d
        }
      }
      {
        same = 0
        while (same < NF && same < depths && open[same + 1] == $(same + 1)) same++
        close_from(same + 1)
        for (d = same + 1; d <= NF; d++) {
          open[d] = $d
          since[d] = line
        }
        depths = NF
        line++
      }
      END {
        close_from(1)
        # What is narrower than a pixel is not drawn.
        deepest = 0
        for (i = 1; i <= n; i++) if ((to[i] - from[i]) * WIDTH / line >= 1 && at[i] > deepest) deepest = at[i]
        height = (deepest + 1) * ROW + 10
        printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"monospace\" font-size=\"11\">\n", WIDTH + 20, height
        printf "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n"
        for (i = 1; i <= n; i++) {
          w = (to[i] - from[i]) * WIDTH / line
          if (w < 1) continue
          x = 10 + from[i] * WIDTH / line
          y = height - at[i] * ROW - 5
          name = frame[i]
          gsub(/&/, "\\&amp;", name); gsub(/</, "\\&lt;", name); gsub(/>/, "\\&gt;", name)
          fill = at[i] == 1 ? "#c9d7e8" : "#f3d9c0"
          printf "<g><title>%s, %.1f %%</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" stroke=\"#ffffff\" stroke-width=\"0.5\"/>", name, 100 * (to[i] - from[i]) / line, x, y, w, ROW, fill
          letters = int((w - 4) / 6.7)
          if (letters >= 3) {
            text = length(frame[i]) > letters ? substr(frame[i], 1, letters - 1) "~" : frame[i]
            gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text)
            printf "<text x=\"%.1f\" y=\"%d\">%s</text>", x + 2, y + 11, text
          }
          print "</g>"
        }
        print "</svg>"
      }' >"$plots/flame-$3.svg"
    echo "$plots/flame-$3.svg"
    ;;
  *) fail 'usage: plot.sh compare | plot.sh soak FILE | plot.sh flame FILE NAME' ;;
esac
