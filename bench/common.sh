# Read by the other scripts here: where things are, and services that are stopped whatever happens.
# shellcheck shell=bash

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname "$bench")
lib=$root/cli/target/glasshouse/lib
work=$(mktemp -d "${TMPDIR:-/tmp}/glass-bench.XXXXXX")
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
# For what runs a guest itself: where V8 is.
natively=(-Djavet.lib.loading.type=custom "-Djavet.lib.loading.path=$root/cli/target/glasshouse/native")
# As the launcher has it.
compiling=(-XX:-DontCompileHugeMethods -XX:FreqInlineSize=60)
# Lets the JVM compile the interpreter's main loop on the engine Endive, for runs of many minutes: it takes
# the compiler a minute and 3 GB of memory, and makes Endive two to six times as fast.
slowly=(-XX:-DontCompileHugeMethods -XX:+UnlockDiagnosticVMOptions
  "-XX:CompilerDirectivesFile=$bench/interpreter.json"
  -XX:MaxNodeLimit=1000000 -XX:NodeLimitFudgeFactor=20000 -XX:PerMethodTrapLimit=0)
# What runs a class of dev.glasshouse.bench, named in full.
caller=("$java" -XX:+UseSerialGC -cp "$bench/target/classes:$lib/*")
pids=()

# What was started here ends here, by its process id.
finish() {
  finish_services
  rm -rf "$work"
}

finish_services() {
  local pid
  for pid in "${pids[@]}"; do
    kill "$pid" 2>/dev/null || true
  done
  for pid in "${pids[@]}"; do
    wait "$pid" 2>/dev/null || true
  done
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit 1
}

# Builds Glasshouse if that is needed, and the callers in src.
build() {
  "$root/glass" --version >/dev/null
  mkdir -p "$bench/target/classes"
  "${java}c" -Xlint:all -Werror --release 17 -d "$bench/target/classes" -cp "$lib/*" \
    "$bench"/src/dev/glasshouse/bench/*.java
}

# Builds what runs the guest on several engines, from the tests of vm.
build_crosscheck() {
  local classes=$bench/target/crosscheck tests=$root/vm/src/test
  rm -rf "$classes"
  mkdir -p "$classes"
  cp -R "$tests/resources/dev" "$classes"
  find "$tests/java/dev/glasshouse/vm/crosscheck" "$tests/java/dev/glasshouse/vm/test262" \
    -name '*.java' ! -name '*Test.java' -print0 |
    xargs -0 "${java}c" -Xlint:all -Werror --release 17 -d "$classes" -cp "$lib/*"
}

# Builds the checks of a published log that know nothing of Glasshouse, into $independent. Takes Go and
# golang.org/x/mod/sumdb where Debian's golang-go and golang-golang-x-mod-dev put them.
build_independent() {
  # No network, and no modules: the Debian package is in its GOPATH.
  local env=(GO111MODULE=off GOFLAGS= GOTOOLCHAIN=local GOPATH=/usr/share/gocode
    "GOCACHE=${GOCACHE:-$root/target/go-cache}")
  independent=$work/independent
  env "${env[@]}" go vet "$root"/.ci/independent/*.go
  env "${env[@]}" go build -o "$independent" "$root"/.ci/independent/*.go
}

# Builds the simulation from the tests of rpc and calllog, to be run with the class path $simulation: it
# has no logging, for a simulated host fails all the time.
build_simulation() {
  local classes=$bench/target/simulation tests=src/test/java/dev/glasshouse jar
  rm -rf "$classes"
  mkdir -p "$classes"
  simulation=$classes
  for jar in "$lib"/*.jar; do
    [[ $jar == */logback-* ]] || simulation+=:$jar
  done
  find "$root/rpc/$tests/rpc/simulation" "$root/rpc/$tests/rpc/SimulatedSession.java" \
    "$root/rpc/$tests/rpc/witness/SimulatedWitnessServer.java" \
    "$root/calllog/$tests/calllog/StoredLog.java" \
    "$root/calllog/$tests/calllog/store/"{ForwardingStore,PlainBatch}.java \
    -name '*.java' ! -name '*Test.java' -print0 |
    xargs -0 "${java}c" -Xlint:all -Werror --release 17 -d "$classes" -cp "$simulation"
}

build_peer() {
  if [[ ! -d $bench/node-peer/node_modules/ws ]]; then
    (cd "$bench/node-peer" && npm ci --silent --no-audit --no-fund </dev/null)
  fi
}

# usage: start NAME COMMAND...    leaves the process id in $pid, the port in $port
start() {
  local out=$work/$1.out deadline=$((SECONDS + 60))
  shift
  : >"$out" # what an earlier one of this name said
  "$@" >"$out" 2>"${out%.out}.err" </dev/null &
  pid=$!
  pids+=("$pid")
  until port=$(sed -n '1s/^Serving at .*:\([0-9]*\)$/\1/p' "$out") && [[ -n $port ]]; do
    if ! kill -0 "$pid" 2>/dev/null || ((SECONDS > deadline)); then
      cat "${out%.out}.err" >&2
      fail "this does not serve: $*"
    fi
    sleep 0.05
  done
}

start_host() {
  local name=$1 script=$2
  shift 2
  start "$name" "$root/glass" exec "$root/samples/$script" -p 0 --dir "$work/$name" "$@"
}

# Stops the service that was started last.
stop() {
  kill "$pid"
  wait "$pid" || true
  unset 'pids[-1]'
}

machine() {
  printf '%s cores, %s, Linux %s, %s, Java %s, Node %s, load %s before the run.\n' \
    "$(nproc)" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | sed 1q)" \
    "$(uname -r)" \
    "$(df --output=fstype "$work" | sed 1d)" \
    "$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | sed 1q)" \
    "$(node --version 2>/dev/null || echo none)" \
    "$(cut -d' ' -f1 /proc/loadavg)"
}
