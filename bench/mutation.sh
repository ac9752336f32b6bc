#!/usr/bin/env bash
# Removes each check of what comes from outside, one at a time - a condition, a call that may throw, an
# answer yes or no - and runs the tests of the same module until one fails. What no test notices is printed,
# and fails this script unless mutation-accepted.txt beside it says why it may be missing. Each part is
# judged when it has been gone through, so that what is stopped has told what it knows.
#
# usage: mutation.sh [PART|CLASS...]
#   PART     one of the parts below, such as calllog.keys; its line is that of the table in README.md
#   CLASS    a class or a pattern of classes below dev.glasshouse, such as calllog.Note or 'verifier.*',
#            or a class's name alone; all parts unless given
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

accepted=$bench/mutation-accepted.txt
# What is gone through at a time: a module, or those of its classes that the same few tests are about. A
# class belongs to the first part that has it. For each: where checks are, and the tests that count, which are
# those of the module without those that never meet these classes, or meet them last.
parts=(calllog.json calllog.keys calllog.tree calllog.evidence calllog.witness calllog vm rpc.files
  rpc.readers rpc.folders rpc.cosigned rpc.mirror rpc.answers rpc.places rpc.downloads rpc.wire
  rpc.connection rpc.calls rpc verifier.tree verifier.witnesses verifier.reports verifier.files
  verifier.comparison verifier.stream verifier.entries verifier.replay verifier.rules verifier.audits
  verifier cli)
declare -A checking=(
  [calllog.json]='calllog.CanonicalJson calllog.CanonicalReader calllog.EntryRules calllog.Receipt calllog.Request
    calllog.SignedCall'
  [calllog.keys]='calllog.Checkpoint calllog.Ed25519Rule calllog.MlDsaKey calllog.Note calllog.NoteKey
    calllog.NoteSignature calllog.PublicKey calllog.SignedCheckpoint'
  [calllog.tree]='calllog.EntryBundle calllog.Merkle calllog.Proofs calllog.ProvedTiles calllog.RightEdge
    calllog.Tile* calllog.TlogProof'
  [calllog.evidence]='calllog.evidence.*'
  [calllog.witness]='calllog.witness.*'
  [calllog]='calllog.*'
  [vm]='vm.archive.ArchiveKey vm.archive.ArchiveNode vm.archive.ArchivePath vm.archive.ArchiveProof
    vm.archive.NodeLoader vm.archive.ProofWalk vm.archive.TreeWalk'
  [rpc.files]='rpc.client.Listing rpc.client.StaticFiles'
  [rpc.readers]='rpc.mirror.DirectoryLogReader rpc.mirror.NamedBlobs rpc.mirror.StoreLogReader'
  [rpc.folders]='rpc.mirror.ArchiveChanges rpc.mirror.EntryBlobs rpc.mirror.Layout rpc.mirror.PlainArchive
    rpc.mirror.PublicationFolder rpc.mirror.TileWriter'
  [rpc.cosigned]='rpc.mirror.CosignedCopy'
  [rpc.mirror]='rpc.mirror.*'
  [rpc.answers]='rpc.client.AnswerCheck rpc.client.CallResult rpc.client.EntryEvidence
    rpc.client.HostDescription rpc.client.KnownLogs rpc.client.LogWatch rpc.client.RemoteArchive
    rpc.client.RemoteLog rpc.client.SignedAnswer'
  [rpc.places]='rpc.client.Authorities rpc.client.CallQueue rpc.client.Connecting rpc.client.HostAddress'
  [rpc.downloads]='rpc.client.ArrivingBody rpc.client.Download rpc.client.HttpLogReader'
  [rpc.wire]='rpc.client.Wire'
  [rpc.connection]='rpc.client.Backoff rpc.client.Connection'
  [rpc.calls]='rpc.client.Client rpc.client.SignedCalls'
  [rpc]='rpc.client.*'
  [verifier.tree]='verifier.AuditedTree verifier.HashList'
  [verifier.witnesses]='verifier.TimeBrackets verifier.Witness*'
  [verifier.reports]='verifier.Counts verifier.Diverged* verifier.Divergence verifier.Report verifier.Segment
    verifier.SegmentPlan verifier.Share verifier.SharedAudit verifier.SignedReport verifier.Verified'
  [verifier.files]='verifier.FilesCheck verifier.FilesDifference'
  [verifier.comparison]='verifier.EntryComparison verifier.HeapDifference'
  [verifier.stream]='verifier.EntryStream'
  [verifier.entries]='verifier.AuditBlobs verifier.CheckedEntry verifier.EntryReader verifier.Tally'
  [verifier.replay]='verifier.EntryAudit verifier.Rerun verifier.SegmentedReplay'
  [verifier.rules]='verifier.History verifier.ReceiptCheck verifier.TreeCheck'
  [verifier.audits]='verifier.Audit verifier.AuditSettings verifier.Prosecution verifier.PublishedFiles
    verifier.Verifier verifier.Watcher'
  [verifier]='verifier.*'
  [cli]='cli.FilesProof cli.ProvedEntry cli.ProvedPath'
)
declare -A tests=(
  [calllog.json]='calllog.AdmissionTest calllog.CanonicalJsonTest calllog.Entry*Test calllog.ReceiptTest
    calllog.RequestTest calllog.SignedCallTest calllog.VectorTest'
  [calllog.keys]='calllog.MlDsaTest calllog.NoteTest calllog.PublicKeyTest calllog.SignedCheckpointTest
    calllog.witness.AddCheckpointTest calllog.witness.*CosignatureTest calllog.witness.PolicyTest'
  [calllog.tree]='calllog.LogReaderTest calllog.ProofsTest calllog.ReceiptTest calllog.RightEdgeTest
    calllog.SignedCheckpointTest calllog.TileTest calllog.VectorTest'
  [calllog.evidence]='calllog.VectorTest calllog.evidence.*Test'
  [calllog.witness]='calllog.CosignatureVectorTest calllog.witness.*Test'
  [calllog]='calllog.AdmissionTest calllog.Entry*Test calllog.HashTest calllog.LastNumbersTest
    calllog.LogReaderTest calllog.MembersTest calllog.NoteTest calllog.ReceiptTest
    calllog.ScriptReferenceTest calllog.SignedCallTest calllog.VectorTest'
  [vm]='vm.archive.*'
  [rpc.files]='rpc.client.ListingTest rpc.client.StaticFilesTest'
  [rpc.readers]='rpc.mirror.EntryBlobsTest rpc.mirror.LogCopyTest rpc.mirror.PublicationFolderTest
    rpc.mirror.StoreLogReaderTest'
  [rpc.folders]='rpc.mirror.DamagedCopyTest rpc.mirror.EntryBlobsTest rpc.mirror.LyingCopyTest
    rpc.mirror.PlainArchiveTest rpc.mirror.PublicationFolderTest'
  [rpc.cosigned]='rpc.mirror.CosignedCopyTest rpc.mirror.LyingCopyTest'
  [rpc.mirror]='rpc.mirror.*'
  [rpc.answers]='rpc.client.AnswerCheckTest rpc.client.CallResultTest rpc.client.ForgedArchiveTest
    rpc.client.HostDescriptionTest rpc.client.KnownLogsTest rpc.client.LogWatchTest rpc.client.RemoteLogTest
    rpc.client.SignedAnswerTest'
  [rpc.places]='rpc.client.AuthoritiesTest rpc.client.CallQueueTest rpc.client.ConnectingTest
    rpc.client.HostAddressTest'
  [rpc.downloads]='rpc.client.ArrivingBodyTest rpc.client.Http*Test'
  [rpc.wire]='rpc.client.SilentWireTest rpc.client.WireTest'
  [rpc.connection]='rpc.client.BackoffTest rpc.client.ConnectionTest rpc.client.RetryTest'
  [rpc.calls]='rpc.client.AbortedCallTest rpc.client.ClientEndsTest rpc.client.ClientTest
    rpc.client.GatheredCallsTest'
  [rpc]='rpc.client.*'
  [verifier.tree]='verifier.AuditedTreeTest'
  [verifier.witnesses]='verifier.TimeBracketsTest verifier.Witness*Test'
  [verifier.reports]='verifier.DivergedCallTest verifier.JoinedReportsTest verifier.ReportTest
    verifier.SegmentPlanTest verifier.SignedReportTest verifier.VerifiedTest verifier.WitnessDemandTest'
  [verifier.files]='verifier.DivergedCallTest verifier.Files*Test'
  [verifier.comparison]='verifier.AbortLiesTest verifier.DivergedCallTest verifier.FilesLiesTest
    verifier.ImageLiesTest verifier.LogLiesTest verifier.ReplayLiesTest'
  [verifier.stream]='verifier.EntryStreamTest'
  [verifier.entries]='verifier.AuditBlobsTest verifier.EntryReaderTest verifier.TallyTest'
  [verifier.replay]='verifier.DivergedCallTest verifier.EntryAuditTest verifier.LevelTest
    verifier.SegmentedReplayTest verifier.WatchTest'
  [verifier.rules]='verifier.AuditTest verifier.CallLiesTest verifier.HistoryLiesTest
    verifier.LevelTest verifier.LogLiesTest verifier.ReportTest verifier.ResumedAuditTest verifier.TreeCheckTest'
  [verifier.audits]='verifier.AuditTest verifier.GrowingAuditTest verifier.HistoryLiesTest verifier.LevelTest
    verifier.LiveHostTest verifier.LogLiesTest verifier.ReportTest verifier.ResumedAuditTest verifier.WatchTest
    verifier.WitnessDemandTest verifier.WitnessWatchTest'
  [verifier]='verifier.*'
  [cli]='cli.BrokenEntryTest cli.Files*Test cli.ProvedEntryTest cli.ReceiptCommandTest'
)
# Classes that check nothing which a stranger publishes.
trusting=('calllog.fsck.*' 'calllog.store.*' calllog.CallLog calllog.CallerKeys calllog.CheckpointFile
  calllog.Identity calllog.IdentityFile calllog.ImageSpacing calllog.MlDsaIdentity calllog.OpenSshKey
  calllog.RecentHashes calllog.RestoredMark calllog.StartCheck verifier.LineDiff)

# usage: matches NAME PATTERN...
matches() {
  local name=$1 pattern
  shift
  for pattern; do
    # shellcheck disable=SC2053 # a pattern
    if [[ $name == $pattern || ${name##*.} == $pattern ]]; then
      return 0
    fi
  done
  return 1
}

# usage: classes PART    prints those whose checks are removed, out of the ones that are asked for
classes() {
  local part file name
  local -a inside earlier=()
  for part in "${parts[@]}"; do
    read -rd '' -a inside <<<"${checking[$part]}" || true
    [[ $part != "$1" ]] || break
    earlier+=("${inside[@]}")
  done
  while read -r file; do
    name=${file%.java}
    name=${name//\//.}
    if matches "$name" "${inside[@]}" && ! matches "$name" "${earlier[@]}" "${trusting[@]}" &&
      { matches "$1" "${asked[@]}" || matches "$name" "${asked[@]}"; }; then
      printf '%s\n' "$name"
    fi
  done < <(cd "$root/${1%%.*}/src/main/java/dev/glasshouse" && find . -name '*.java' ! -name package-info.java \
    -printf '%P\n' | sort)
}

# usage: joined BEFORE AFTER WORD...    the words with commas between
joined() {
  local before=$1 after=$2 list
  shift 2
  printf -v list "$before%s$after," "$@"
  printf '%s' "${list%,}"
}

# usage: mutate PART CLASS...    leaves PIT's report in $work
mutate() {
  local part=$1 module=${1%%.*} reports=$root/${1%%.*}/target/pit-reports
  local -a running
  shift
  read -rd '' -a running <<<"${tests[$part]}" || true
  rm -rf "$reports"
  mkdir -p "$work/tmp"
  if ! (cd "$root" && nice mvn -B -q -Pmutation -pl "$module" -am test-compile \
    org.pitest:pitest-maven:mutationCoverage "-DtargetTests=$(joined dev.glasshouse. '' "${running[@]}")" \
    "-DtargetClasses=$(joined dev.glasshouse. '' "$@"),$(joined dev.glasshouse. '$*' "$@")" \
    "-Dmutation.tmp=$work/tmp") \
    >"$work/log" 2>&1 </dev/null; then
    cat "$work/log" >&2
    fail "the tests of $module could not be run"
  fi
  # PIT writes none if there is nothing to remove.
  cp "$reports/mutations.xml" "$work/$part.xml" 2>/dev/null || : >"$work/$part.xml"
  rm -rf "$work/tmp" # of JVMs that were ended
}

# usage: mutants PART    prints of each: its status, class and method, what was done, line, source
mutants() {
  awk -v sources="$root/${1%%.*}/src/main/java" '
    function tag(name,   from, to) {
      from = index($0, "<" name ">") + length(name) + 2
      to = index($0, "</" name ">")
      return substr($0, from, to - from)
    }
    function source(file, line,   text, n) {
      if (!(file in read)) {
        read[file] = 1
        while ((getline text < file) > 0) {
          sub(/^ +/, "", text)
          lines[file, ++n] = text
        }
        close(file)
      }
      return lines[file, line]
    }
    /^<mutation / {
      gsub(/&#36;/, "$"); gsub(/&lt;/, "<"); gsub(/&gt;/, ">"); gsub(/&amp;/, "\\&")
      status = $0
      sub(/.* status=./, "", status)
      sub(/[^A-Z_].*/, "", status)
      class = tag("mutatedClass")
      folder = class
      gsub(/\./, "/", folder)
      sub(/[^\/]*$/, "", folder)
      sub(/^dev\.glasshouse\./, "", class)
      method = tag("mutatedMethod")
      sub(/^<init>$/, "new", method)
      sub(/^<clinit>$/, "static", method)
      # The compiler counts lambdas; the count would change with each new one.
      sub(/^lambda\$/, "", method)
      sub(/\$[0-9]+$/, "", method)
      what = tag("description")
      sub(/^removed conditional - replaced /, "", what)
      sub(/ check with /, " = ", what)
      sub(/^removed call to .*\//, "without ", what)
      sub(/^replaced boolean return with /, "return ", what)
      sub(/ for .*/, "", what)
      line = tag("lineNumber")
      printf "%s\t%s.%s\t%s\t%s\t%s\t%s\n", status, class, method, what, line,
        tag("index"), source(sources "/" folder tag("sourceFile"), line)
    }' "$work/$1.xml" |
    LC_ALL=C sort -t$'\t' -k2,3 -k4,4n -k5,5n |
    awk -F'\t' '{
      key = $2 ": " $3 ": " $6
      n = ++seen[key]
      printf "%s\t%s\t%s%s\n", $1, $4, key, (n > 1 ? " [" n "]" : "")
    }'
}

# usage: judge PART    reads what was done, compares it with what is accepted, prints the difference and a line
judge() {
  awk -F'\t' -v part="$1" -v only="$work/$1.classes" -v accepted="$accepted" '
    BEGIN {
      while ((getline text < accepted) > 0) {
        if (text ~ /^[^ #]/) {
          excusable[text] = 1
        }
      }
      while ((getline class < only) > 0) {
        looked[class] = 1
      }
    }
    {
      known[$3] = $1
      if ($1 != "SURVIVED" && $1 != "NO_COVERAGE") {
        killed++
        slow += $1 == "TIMED_OUT"
      } else if ($3 in excusable) {
        excused++
      } else {
        left++
        print "line " $2 " of " $3 ($1 == "SURVIVED" ? "" : " (no test comes here)")
      }
    }
    END {
      for (key in excusable) {
        class = key
        sub(/: .*/, "", class)
        sub(/\.[^.]*$/, "", class)
        sub(/\$.*/, "", class)
        if ((class in looked) && (!(key in known) || known[key] == "KILLED")) {
          print (key in known ? "accepted, and a test fails now: " : "accepted, and no longer there: ") key
          stale = 1
        }
      }
      printf "%-20s %8d %8d %8d %8d %8d\n", part, NR, killed, slow, excused, left
      exit left > 0 || stale
    }'
}

# Each line of mutation-accepted.txt has a reason below it, and is about a class that was gone through.
judge_accepted() {
  cat "$work"/*.classes | awk -v accepted="$accepted" '
    { looked[$0] = 1 }
    END {
      while ((getline text < accepted) > 0) {
        if (text ~ /^[^ #]/) {
          open[++n] = text
          class = text
          sub(/: .*/, "", class)
          sub(/\.[^.]*$/, "", class)
          sub(/\$.*/, "", class)
          if (!(class in looked)) {
            print "accepted, and no such class: " text
            bad = 1
          }
        } else if (text ~ /^ /) {
          n = 0
        } else if (n > 0) {
          print "accepted without a reason: " open[n]
          bad = 1
          n = 0
        }
      }
      if (n > 0) {
        print "accepted without a reason: " open[n]
        bad = 1
      }
      exit bad
    }'
}

asked=("${@:-*}")
machine
printf '%-20s %8s %8s %8s %8s %8s\n' part removed noticed 'by time' accepted left
status=0
for part in "${parts[@]}"; do
  classes "$part" >"$work/$part.classes"
  mapfile -t chosen <"$work/$part.classes"
  if ((${#chosen[@]} > 0)); then
    mutate "$part" "${chosen[@]}"
    mutants "$part" | judge "$part" || status=1
  fi
done
grep -qs '<mutation ' "$work"/*.xml || fail "nothing to remove in what was asked for: $*"
(($# > 0)) || judge_accepted || status=1
printf 'It took %s s.\n' "$SECONDS"
exit "$status"
