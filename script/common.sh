# Shared by the scripts: where things lie, how they speak, and how they stop.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home="${PARLEY_HOME:-$root/.parley}"

say() { printf '%s\n' "$*" >&2; }
die() { say "parley: $*"; exit 1; }

# step TITLE COMMAND...: runs it, tells how long it took; its output is shown only when it fails.
step() {
    local title=$1 log started seconds status
    shift
    log=$(mktemp)
    started=$(date +%s)
    printf '  %s … ' "$title" >&2
    # Not as a condition: there the shell would go on after a command that fails.
    set +e
    (set -e; "$@") >"$log" 2>&1
    status=$?
    set -e
    if [ $status -eq 0 ]; then
        seconds=$(($(date +%s) - started))
        say "${seconds} s"
        rm -f "$log"
    else
        say "failed"
        tail -n 40 "$log" >&2
        local reason
        reason=$(explain "$log")
        rm -f "$log"
        die "$title failed: $reason"
    fi
}

# explain LOG: one sentence on why a step failed that left this log.
explain() {
    if grep -qiE 'no space left on device' "$1"; then
        echo "the disk is full; make room and run this again."
    elif grep -qiE 'could not resolve|temporary failure|failed to establish|connection (refused|timed out|reset)|network is unreachable|max retries|unable to (locate|fetch)|failed to fetch|failed to clone|could not find a version' "$1"; then
        echo "a package registry was not reached; check the network and the mirrors of apt, pip and Swift, and run this again."
    else
        echo "the lines above say why."
    fi
}

need_disk() {
    local free
    free=$(df -Pk "$root" | awk 'NR == 2 { print int($4 / 1024) }')
    [ "$free" -ge "$1" ] || die "there are only $free MB free on the disk of $root; $1 MB are needed."
}
