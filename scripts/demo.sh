#!/usr/bin/env bash
# A minute's tour of aismove, and a test of it: exits 0 only when every step did what its narration says.
#
#   scripts/demo.sh BINARY
#
# Everything happens in a scratch folder and on loopback, without root; both are cleaned up, also after Ctrl-C.
set -euo pipefail

binary=$(realpath "${1:?binary}")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=${PYTHON:-python3}
# What the environment says about proxies is not about this machine's own loopback.
export no_proxy=127.0.0.1 NO_PROXY=127.0.0.1

# --- the stage -------------------------------------------------------------------------------------------------------

server_pid=
scratch=
clean_up() {
    [ -z "$server_pid" ] || { kill "$server_pid" 2>/dev/null && wait "$server_pid" 2>/dev/null; } || true
    [ -z "$scratch" ] || rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A node store keeps each object's metadata in an extended attribute: take the first folder that can hold them.
for parent in "${TMPDIR:-/tmp}" /var/tmp "$here/../.build"; do
    [ -d "$parent" ] && [ -w "$parent" ] || continue
    candidate=$(mktemp -d "$parent/aismove-demo.XXXXXX")
    if "$python" -c 'import os, sys; os.setxattr(sys.argv[1], "user.ais.probe", b"1")' "$candidate" 2>/dev/null; then
        scratch=$candidate
        break
    fi
    rmdir "$candidate"
done
[ -n "$scratch" ] || { echo "demo: no folder with extended attributes found; set TMPDIR to one" >&2; exit 1; }

if [ -t 1 ]; then bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m'); else bold='' dim='' plain=''; fi
say() { printf '\n%s# %s%s\n' "$bold" "$*" "$plain"; }
note() { printf '%s# %s%s\n' "$dim" "$*" "$plain"; }

problems=0
problem() {
    printf 'demo: NOT AS EXPECTED: %s\n' "$*" >&2
    problems=$((problems + 1))
}

# What is shown of a command: the scratch folder as $DEMO, and quotes where a shell would need them.
shown() {
    local argument
    for argument in "$@"; do
        argument=${argument//"$scratch"/\$DEMO}
        case $argument in
            *[{}\ ?*]*) printf " '%s'" "$argument" ;;
            *) printf ' %s' "$argument" ;;
        esac
    done
}

# run EXPECTED-CODE WHY ARGUMENT…: shows the command, runs it with the terminal kept, checks its exit code.
run() {
    local expected=$1 why=$2 code=0
    shift 2
    printf '%s$ aismove%s%s\n' "$bold" "$(shown "$@")" "$plain"
    "$binary" "$@" || code=$?
    if [ "$code" -eq "$expected" ]; then
        note "exit code $code: $why"
    elif [ "$code" -eq 130 ]; then
        exit 130
    else
        problem "exit code $code instead of $expected ($why): aismove $*"
    fi
}

# bodies: names of the shards whose bytes the server has sent since the last mark, one a line.
seen=0
bodies() {
    tail -n "+$((seen + 1))" "$scratch/requests" | sed -n 's|^GET /imagenet/\(.*\) 20[06]$|\1|p' | sort
}
mark() { seen=$(wc -l <"$scratch/requests"); }

expect_bodies() {
    local expected=$1 got
    got=$(bodies | sort -u | tr '\n' ' ')
    [ "${got% }" = "$expected" ] || problem "the server sent '${got% }' instead of '$expected'"
}

# --- the play --------------------------------------------------------------------------------------------------------

say "A small WebDataset behind a web server on loopback: 12 tar shards of 1 MiB, train-{000000..000011}.tar."
note "One is missing at the source (000007), and one is damaged in a way that no transfer error shows (000004)."
"$python" "$here/demo-data.py" "$scratch/www/imagenet" "$scratch/good"
: >"$scratch/requests"
"$python" "$here/demo-server.py" "$scratch/www" "$scratch/requests" $((1 << 20)) >"$scratch/port" 2>"$scratch/server.log" &
server_pid=$!
for _ in $(seq 100); do
    [ ! -s "$scratch/port" ] || break
    sleep 0.05
done
[ -s "$scratch/port" ] || { echo "demo: the web server did not start: $(cat "$scratch/server.log")" >&2; exit 1; }
source="http://127.0.0.1:$(cat "$scratch/port")/imagenet/train-{000000..000011}.tar"
store=$scratch/store

say "1. A node store with three mountpaths (on a real node: three disks)."
mkdir "$scratch"/d1 "$scratch"/d2 "$scratch"/d3
run 0 "the store is there" store init "$store" --mountpath "$scratch/d1" --mountpath "$scratch/d2" --mountpath "$scratch/d3"

say "2. What would be done, and on which mountpath each shard belongs. Nothing is written."
run 0 "there is a plan" plan "$source" --to ais://imagenet --store "$store"

say "3. Move it. Each byte is read once: hashed, written and tar-checked on its way."
note "Four lanes, and a server that gives each transfer 1 MiB/s, so that there is something to watch."
mark
run 3 "a shard did not pass verification" prefetch "$source" --to ais://imagenet --store "$store" --lanes 4 --report "$scratch/first.json"
note "It was fetched once more to be sure, and nothing of it stays. The other ten are in."
[ "$(bodies | grep -c '^train-000004.tar$')" -eq 2 ] || problem "the damaged shard was not fetched exactly twice"
[ "$(bodies | sort -u | wc -l)" -eq 11 ] || problem "not every shard was asked for"

say "4. What the store holds now: whole, verified objects only."
run 0 "ten objects" ls ais://imagenet --store "$store"
visible=$(find "$scratch"/d[123] -path '*%ob/*' -type f | wc -l)
[ "$visible" -eq 10 ] || problem "$visible objects on the mountpaths instead of 10"

say "5. Read everything back: size, checksum, metadata, placement, tar."
run 0 "nothing is wrong" verify ais://imagenet --store "$store"

say "6. One sample's label, straight out of a shard."
run 0 "that is the label" cat ais://imagenet/train-000002.tar --member 000002003.cls --store "$store"

say "7. The publisher repairs shard 000004. The same command again moves that one only."
cp "$scratch/good/train-000004.tar" "$scratch/www/imagenet/"
mark
run 4 "nothing failed, but one name of the range, 000007, is missing at the source" prefetch "$source" --to ais://imagenet --store "$store" --lanes 4
expect_bodies train-000004.tar

say "8. And once more, now saying that holes are fine: nothing is moved, and only the hole is asked for."
mark
run 0 "everything asked for is in the store, verified" prefetch "$source" --to ais://imagenet --store "$store" --missing allow
expect_bodies ''

say "9. The store as a whole."
run 0 "all is well" store show --store "$store"

if [ "$problems" -gt 0 ]; then
    printf '\ndemo: %d step(s) did not go as told above\n' "$problems" >&2
    exit 1
fi
say "That was all: 11 shards of 12 are in the store, each verified; nothing was moved twice. The scratch folder is gone."
