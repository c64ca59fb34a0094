#!/usr/bin/env python3
"""Long runs with one question each: does it hold? Ends with a table for each case, and with 1 when one does not.

Usage: soak.py [--aismove BINARY] [--only CASE[,CASE…]] [--quick] [--scale SHARE] [--minutes N]
               [--write-docs]

Cases: listing (a million keys listed and planned), present (a million objects moved, again, and synced), faults (100,000
objects from a server that fails), fuzz (a million mutated inputs for each parser). Each is a module of scripts/soaking
with `run(soak)`, which gives a benchmarks.report.Result; its budgets are what must hold. Every command of a case goes
through `Soak.run` or `tests.run`, so that the whole ends after --minutes at the latest.
"""
import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time

from benchmarks import measure, report, stage
from soaking import faults, fuzz, listing, present

CASES = {"listing": listing.run, "present": present.run, "faults": faults.run, "fuzz": fuzz.run}


class Soak:
    """What the cases share: the binary, a folder on a tmpfs, and the time that is left."""

    def __init__(self, options):
        self.aismove, self.quick, self.scale = options.aismove, options.quick, options.scale
        self.deadline = time.monotonic() + options.minutes * 60
        self.memory = stage.Memory(tempfile.gettempdir(), 8 << 30)
        self.scratch = tempfile.mkdtemp(prefix="soak-", dir=self.memory.path)

    def stop(self):
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.memory.stop()

    def number(self, full, quick):
        """How many of a case's things there are to be."""
        return quick if self.quick else int(full * self.scale)

    @contextlib.contextmanager
    def store(self):
        """A fresh store on one mountpath; removed at the end."""
        folder = tempfile.mkdtemp(prefix="store-", dir=self.scratch)
        try:
            store, mountpath = os.path.join(folder, "store"), os.path.join(folder, "mountpath")
            os.mkdir(mountpath)
            subprocess.run([self.aismove, "store", "init", store, "--mountpath", mountpath],
                           check=True, stdout=subprocess.DEVNULL)
            yield store
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def run(self, command, environment, code=0, lines=None):
        """Runs a command to its end, or to the end of the time; its exit code and number of lines must be these."""
        measured = measure.run(command, timeout=max(1, self.deadline - time.monotonic()), environment=environment)
        print("  %-60s %8.2f s %6.0f MiB" % (
            " ".join(command[1:4]), measured.wall, measured.peak / 2**20), flush=True)
        if measured.code != code or lines not in (None, measured.lines):
            raise SystemExit("soak: %s ended with %d instead of %d, after %d lines\n%s" % (
                " ".join(command[:4]), measured.code, code, measured.lines, measured.tail))
        return measured


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--aismove", default=os.path.join(root, ".build/release/aismove"), help="the binary")
    parser.add_argument("--only", default="all", help="all, or some of: " + ",".join(CASES))
    parser.add_argument("--quick", action="store_true", help="small numbers: whether the cases work")
    parser.add_argument("--scale", type=float, default=1, help="share of the full numbers")
    parser.add_argument("--minutes", type=float, default=90, help="time for all of it")
    parser.add_argument("--write-docs", action="store_true", help="put the tables into docs/reliability.md")
    options = parser.parse_args()
    options.aismove = os.path.abspath(options.aismove)
    options.page = os.path.join(root, "docs/reliability.md")
    options.cases = list(CASES) if options.only == "all" else options.only.split(",")
    unknown = [case for case in options.cases if case not in CASES]
    if unknown:
        parser.error("no such case: %s (there are: %s)" % (", ".join(unknown), ", ".join(CASES)))
    return options


def main():
    options = arguments()
    soak = Soak(options)
    results = []
    try:
        for case in options.cases:
            print("%s …" % case, flush=True)
            results.append(CASES[case](soak))
    finally:
        soak.stop()
    text = "- Machine: %s.\n\n%s" % (stage.machine(), "\n".join(one.markdown() for one in results))
    print("\n" + text)
    if options.write_docs:
        report.write_docs(options.page, "soak", text)
    return 0 if all(budget.kept for result in results for budget in result.budgets) else 1


if __name__ == "__main__":
    sys.exit(main())
