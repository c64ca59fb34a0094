#!/usr/bin/env bash
# Writes the man page and the shell completions of a built aismove.
#
#   scripts/manual.sh BINARY DIRECTORY SWIFT-BUILD-FLAGS…
#
# The page comes from the argument parser's own generator, which is built here with the same flags as the binary: its
# package plugin (`swift package generate-manual`) would relink the binary without the static runtime.
set -euo pipefail

binary=${1:?binary}
directory=${2:?directory}
shift 2

swift build "$@" --product generate-manual
generator=$(swift build "$@" --show-bin-path)/generate-manual

rm -rf "$directory"
mkdir -p "$directory"/{man/man1,bash-completion/completions,zsh/site-functions,fish/vendor_completions.d}
# Dated by the last commit, so that the same source gives the same page.
date=$(git log -1 --format=%cs 2>/dev/null || date +%F)
"$generator" "$binary" --date "${date:-$(date +%F)}" --output-directory "$directory/man/man1" >/dev/null
"$binary" --generate-completion-script bash >"$directory/bash-completion/completions/aismove"
"$binary" --generate-completion-script zsh >"$directory/zsh/site-functions/_aismove"
"$binary" --generate-completion-script fish >"$directory/fish/vendor_completions.d/aismove.fish"
for made in man/man1/aismove.1 bash-completion/completions/aismove zsh/site-functions/_aismove \
    fish/vendor_completions.d/aismove.fish; do
    [ -s "$directory/$made" ] || { echo "manual: $made came out empty" >&2; exit 1; }
done
echo "man page and completions: $directory"
