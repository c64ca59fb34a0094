"""A part of the repository's own tests, with larger numbers than `make test` asks for."""
import os
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(soak, pattern, settings):
    """Builds the tests, runs those that match, with these variables; gives what they printed. They must pass."""
    environment = dict(
        os.environ, AISMOVE_TEST_PYTHON=os.environ.get("AISMOVE_TEST_PYTHON", sys.executable),
        AISMOVE_TEST_BINARY=soak.aismove, **{key: str(value) for key, value in settings.items()})
    print("  tests that match %s …" % pattern, flush=True)
    subprocess.run(["swift", "build", "--build-tests"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
                   timeout=max(1, soak.deadline - time.monotonic()))
    tests = subprocess.run(
        ["swift", "test", "--skip-build", "--disable-xctest", "--filter", pattern], cwd=ROOT, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        timeout=max(1, soak.deadline - time.monotonic()))
    if tests.returncode != 0:
        failed = [line for line in tests.stdout.splitlines() if "✘" in line or "rror" in line or "↳" in line]
        raise SystemExit("soak: tests that match %s failed\n%s" % (pattern, "\n".join(failed or [tests.stdout[-2000:]])))
    return tests.stdout
