#!/usr/bin/env bash
# Installs the Debian packages that one verb of the Makefile needs, and only those that are missing.
#
#   scripts/install-deps.sh GROUP…        build, demo, test, bench (each with what the build needs), lint
#
# As root it calls apt-get, otherwise sudo apt-get; with neither it names the packages and fails. When nothing is
# missing it neither asks for rights nor touches the network.
set -euo pipefail

build=(make git pkg-config libcurl4-openssl-dev libarchive-dev libssl-dev zlib1g-dev)
lint=(make git python3)
demo=("${build[@]}" python3)
test=(
    "${build[@]}"
    python3 python3-venv curl openssl
    nginx-light libnginx-mod-http-lua libnginx-mod-stream tinyproxy
    tar libarchive-tools gzip bzip2 xz-utils zstd lz4
    attr e2fsprogs util-linux xfsprogs
    cron systemd
)
bench=("${build[@]}" python3 python3-venv curl nginx-light aria2 time util-linux)

wanted=()
for group in "$@"; do
    case $group in
        build) wanted+=("${build[@]}") ;;
        lint) wanted+=("${lint[@]}") ;;
        demo) wanted+=("${demo[@]}") ;;
        test) wanted+=("${test[@]}") ;;
        bench) wanted+=("${bench[@]}") ;;
        *) echo "install-deps: no such group: $group (build, lint, demo, test, bench)" >&2; exit 2 ;;
    esac
done

if ! command -v swift >/dev/null; then
    echo "install-deps: 'swift' is not in PATH. aismove needs Swift 6.2 or newer: https://www.swift.org/install/linux/" >&2
    exit 1
fi

# Not a Debian system: say what is needed and let the build find out.
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "install-deps: no apt-get here; please make sure that you have what these Debian packages hold: ${wanted[*]}" >&2
    exit 0
fi

# Every name among the arguments that dpkg does not call installed.
missing() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
    done
}

mapfile -t lacking < <(missing "${wanted[@]}" | sort -u)
[ ${#lacking[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    sudo=()
elif command -v sudo >/dev/null; then
    sudo=(sudo)
else
    echo "install-deps: these Debian packages are missing, and there is neither root nor sudo to install them:" >&2
    echo "    apt-get install ${lacking[*]}" >&2
    exit 1
fi

# nginx and tinyproxy are wanted as programs for tests, not as services of this machine: where no policy says so
# already, one keeps them from being started while they are installed.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap '"${sudo[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
    "${sudo[@]}" chmod 755 "$policy"
fi

echo "installing Debian packages: ${lacking[*]}"
apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes apt-get -q -o DPkg::Lock::Timeout=300)
"${apt[@]}" update >/dev/null
"${apt[@]}" install -y --no-install-recommends "${lacking[@]}" >/dev/null

mapfile -t lacking < <(missing "${wanted[@]}" | sort -u)
if [ ${#lacking[@]} -gt 0 ]; then
    echo "install-deps: apt-get ended well, yet these packages are not installed: ${lacking[*]}" >&2
    exit 1
fi
