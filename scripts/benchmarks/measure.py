"""One run of one program: wall time, CPU time, peak memory."""
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass


@dataclass
class Run:
    """Seconds, seconds of user and system time, peak resident bytes, exit code, what it printed: lines, and its end."""

    wall: float
    cpu: float
    peak: int
    code: int
    lines: int
    tail: str


def run(command, timeout=1800, environment=None):
    """Runs a command and measures it with its children.

    The peak comes from GNU time where it is installed: a child's own ru_maxrss starts with what its parent held when
    it forked, and GNU time is smaller than any program measured here, which Python is not.
    """
    gnu_time = shutil.which("time")
    with tempfile.NamedTemporaryFile("r") as peak_file, tempfile.TemporaryFile() as output:
        wrapped = ([gnu_time, "-f", "%M", "-o", peak_file.name] if gnu_time else []) + command
        began = time.monotonic()
        child = subprocess.Popen(
            wrapped, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment)
        try:
            code, usage = wait(child, began + timeout)
        finally:
            wall = time.monotonic() - began
            if child.poll() is None:
                child.kill()
        peak = peak_file.read().split()
        output.seek(0)
        lines = sum(chunk.count(b"\n") for chunk in iter(lambda: output.read(1 << 20), b""))
        output.seek(max(0, output.tell() - 2000))
        tail = output.read().decode(errors="replace")
    peak_bytes = (int(peak[-1]) if peak and peak[-1].isdigit() else usage.ru_maxrss) << 10
    return Run(wall, usage.ru_utime + usage.ru_stime, peak_bytes, code, lines, tail)


def wait(child, deadline):
    """The child's exit code and its resource usage, which subprocess itself does not hand out."""
    pause = 0.0005
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return child.returncode, usage
        if time.monotonic() > deadline:
            raise TimeoutError("no end after the time limit: " + " ".join(child.args[:6]))
        time.sleep(pause)
        pause = min(pause * 1.5, 0.002)


def median(runs, field):
    return statistics.median(getattr(one, field) for one in runs)
