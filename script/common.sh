# Shared by the scripts: where things lie, how they speak, and how they stop.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home="${PARLEY_HOME:-$root/.parley}"

say() { printf '%s\n' "$*" >&2; }
die() { say "parley: $*"; exit 1; }

# step TITLE COMMAND...: runs it, tells how long it took; its output is shown only when it fails.
step() {
    local title=$1 log started seconds
    shift
    log=$(mktemp)
    started=$(date +%s)
    printf '  %s … ' "$title" >&2
    if "$@" >"$log" 2>&1; then
        seconds=$(($(date +%s) - started))
        say "${seconds} s"
        rm -f "$log"
    else
        say "failed"
        tail -n 40 "$log" >&2
        rm -f "$log"
        die "$title failed; the lines above say why."
    fi
}

need_disk() {
    local free
    free=$(df -Pk "$root" | awk 'NR == 2 { print int($4 / 1024) }')
    [ "$free" -ge "$1" ] || die "there are only $free MB free on the disk of $root; $1 MB are needed."
}
