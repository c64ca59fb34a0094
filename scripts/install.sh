#!/usr/bin/env bash
# Installs the release binary, its man page and its completions; or removes them.
#
#   scripts/install.sh PREFIX BINARY SHARE        SHARE is what scripts/manual.sh wrote
#   scripts/install.sh --remove PREFIX
#
# Where `swift` is in PATH, binary and pages are built first. Under sudo it often is not: then those of an earlier
# `make manual` are taken.
set -euo pipefail

pages=(
    man/man1/aismove.1
    bash-completion/completions/aismove
    zsh/site-functions/_aismove
    fish/vendor_completions.d/aismove.fish
)

if [ "${1:-}" = --remove ]; then
    prefix=${2:?prefix}
    rm -f "$prefix/bin/aismove" "${pages[@]/#/$prefix/share/}"
    echo "removed from $prefix"
    exit 0
fi

prefix=${1:?prefix} binary=${2:?binary} share=${3:?share}
if command -v swift >/dev/null; then
    make --no-print-directory manual
elif [ ! -x "$binary" ] || [ ! -s "$share/${pages[0]}" ]; then
    echo "install: nothing built yet and no 'swift' in this PATH; run 'make manual' first, as the user who has Swift" >&2
    exit 1
fi

install -D -m 755 "$binary" "$prefix/bin/aismove"
for page in "${pages[@]}"; do
    install -D -m 644 "$share/$page" "$prefix/share/$page"
done
echo "installed: $prefix/bin/aismove ($("$binary" --version 2>/dev/null | head -n 1))"
