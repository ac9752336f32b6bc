#!/usr/bin/env bash
# Lets the system calls of a host fail, one by one, while it is being called: the n-th sync, write or
# rename of each of its threads ends the process or fails, for every n until the host gets through. And a
# full disk, and one that is full from some write on. Each time the host is then started again on what is
# left: every call that was acknowledged must be there with the same receipt, every call must have counted
# once, the log must verify, and golang.org/x/mod/sumdb must agree with what is published. Needs strace, Go
# with that library, and for the full disk the right to mount a tmpfs.
#
# usage: faults.sh [--every N | --at N] [CALLS]
#   --every N   tries each n-th place only
#   --at N      tries this place only
#   CALLS       calls in each run, 40 unless given
set -euo pipefail
# shellcheck source=common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

every=1
only=
case ${1:-} in
  --every) every=$2 && shift 2 ;;
  --at) only=$2 && shift 2 ;;
esac
calls=${1:-40}
command -v strace >/dev/null || fail 'this needs strace'
command -v go >/dev/null || fail 'this needs Go, for the checks that know nothing of Glasshouse'

# What is done, and to which system call.
faults=(
  'signal=KILL fdatasync'
  'signal=KILL pwrite64'
  'signal=KILL rename'
  'error=EIO fdatasync'
  'error=EIO pwrite64'
  'error=EIO rename'
)
# Of the small disk, and what is free of it when the calls begin.
disk_bytes=$((64 << 20))
free_bytes=$((256 << 10))
tried=0
met=0

# usage: serve NAME COMMAND...    starts a host on $home, which may not come so far as to serve
serve() {
  local out=$work/$1.out deadline=$((SECONDS + 60))
  shift
  : >"$out"
  "$@" "$root/glass" exec "$root/samples/persistent-counter.js" -p 0 --dir "$home" \
    --image-entries 15 --image-seconds 0 >"$out" 2>"${out%.out}.err" </dev/null &
  pid=$!
  pids+=("$pid")
  until port=$(sed -n '1s/^Serving at .*:\([0-9]*\)$/\1/p' "$out") && [[ -n $port ]]; do
    kill -0 "$pid" 2>/dev/null || return 1
    ((SECONDS < deadline)) || fail "the host neither serves nor ends: $*"
    sleep 0.05
  done
}

# Stops a host that may be gone, and what it runs under.
end() {
  pkill -TERM -P "$pid" 2>/dev/null || kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  unset 'pids[-1]'
}

# usage: call WHERE CALLS COMMAND...    calls a host that COMMAND starts
call() {
  local where=$1 count=$2
  shift 2
  tried=$((tried + 1))
  : >"$notes"
  echo 'the host did not come so far' >"$work/call.out"
  if serve faulty "$@"; then
    timeout 120 "${caller[@]}" dev.glasshouse.bench.Faults call "127.0.0.1:$port" "$notes" "$count" \
      >"$work/call.out" || fail "$where: the caller does not end"
  fi
  end
}

# usage: examine WHERE    starts a host on what is left
examine() {
  local where=$1
  if ! serve again; then
    cat "$work/again.err" >&2
    fail "$where: the host does not start again"
  fi
  timeout 120 "${caller[@]}" dev.glasshouse.bench.Faults check "127.0.0.1:$port" "$notes" \
    >"$work/check.out" || {
    cat "$work/again.err" >&2
    fail "$where: the log does not hold what was acknowledged"
  }
  GLASSHOUSE_HOME=$work/auditor timeout 120 "$root/glass" verify "127.0.0.1:$port" \
    >"$work/verify.out" 2>&1 || {
    cat "$work/verify.out" >&2
    fail "$where: the log does not verify"
  }
  timeout 60 "$independent" log "http://127.0.0.1:$port" "$(sed -n 's/^Call log: //p' "$work/again.out")" \
    >"$work/independent.out" 2>&1 || {
    cat "$work/independent.out" >&2
    fail "$where: another implementation does not agree"
  }
  stop
  printf '%s: %s; %s\n' "$where" "$(cat "$work/call.out")" "$(cat "$work/check.out")"
}

# A disk that becomes full while the host is called, and has room again afterwards.
full_disk() {
  disk=$work/disk
  mkdir "$disk"
  if ! mount -t tmpfs -o "size=$disk_bytes" tmpfs "$disk" 2>"$work/mount.err"; then
    printf 'a full disk: not tried, %s\n' "$(cat "$work/mount.err")"
    return
  fi
  home=$disk/host
  rm -rf "$work/auditor"
  : >"$notes"
  serve faulty || fail 'a full disk: the host does not start before it is full'
  head -c "$(($(df --output=avail -B1 "$disk" | sed 1d) - free_bytes))" /dev/zero >"$disk/ballast"
  timeout 120 "${caller[@]}" dev.glasshouse.bench.Faults call "127.0.0.1:$port" "$notes" 600 \
    >"$work/call.out" || fail 'a full disk: the caller does not end'
  grep -q '^A [0-9]* .*"error"' "$notes" || fail 'a full disk: it never was full'
  end
  rm "$disk/ballast"
  tried=$((tried + 1))
  met=$((met + 1))
  examine 'a full disk'
  umount "$disk"
  disk=
}

# What a small disk holds is unmounted before it is removed.
disk=
unmount() {
  finish_services
  [[ -z $disk ]] || umount "$disk" 2>/dev/null || true
  rm -rf "$work"
}

trap unmount EXIT
build
build_independent
machine
notes=$work/notes
for fault in "${faults[@]}"; do
  read -r what name <<<"$fault"
  for ((n = ${only:-1}; ; n += every)); do
    home=$work/host
    rm -rf "$home" "$work/auditor"
    where="$what at $name $n"
    call "$where" "$calls" strace -f -qq -o "$work/strace" -e "trace=$name" \
      -e "inject=$name:$what:when=$n" 2>/dev/null
    # Each thread counts its own: when none gets so far, all places were tried.
    grep -q 'INJECTED\|killed by SIGKILL' "$work/strace" || break
    met=$((met + 1))
    examine "$where"
    [[ -z $only ]] || break
  done
done
full_disk
printf '%s runs, a fault in %s of them: nothing that was acknowledged is lost. It took %s s.\n' \
  "$tried" "$met" "$SECONDS"
