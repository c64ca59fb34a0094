#!/usr/bin/env python3
"""The table of docs/performance.md: aismove beside curl -Z, aria2c and rclone, all on loopback.

Usage: bench.py [--aismove BINARY] [--only CASE] [--quick] [--runs N] [--write-docs] [--check]

Cases: shards (16 tar shards of about 128 MiB to a tmpfs), small (20,000 objects of 16 KiB to a tmpfs), durable (the
same objects to a disk, with and without --no-sync), again (a second run over present objects), names (10 million names
planned without a survey); and beside s5cmd and rclone: s3-shards and s3-small (the same data from an S3 gateway),
s3-list (`ls` of 100,000 keys). The contenders run in turn, A B C D D C B A …, each into a fresh destination; making and
removing it is outside the timed part. Data is made once in $AISMOVE_BENCH_DIR (default: aismove-bench-UID in the
temporary folder), which should be on a disk for `durable`. Without a binary only the others are measured.
"""
import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from dataclasses import replace

from benchmarks import pages, report, s3, stage
from benchmarks.contenders import Aismove, Aria2, Curl, Rclone, version
from benchmarks.data import FULL, QUICK, DataSet
from benchmarks.measure import median, run
from benchmarks.report import Budget, Result, fastest_ratio, ratio, split

S3_CASES = {"s3-shards": s3.shards, "s3-small": s3.small, "s3-list": s3.listing}
CASES = ("shards", "small", "durable", "again", "names", *S3_CASES)
RCLONE_TRANSFERS = {"shards": 8, "small": 16}


class Case:
    """One folder of the source, as every contender needs it told."""

    def __init__(self, bench, folder):
        self.base = bench.nginx.base + folder + "/"
        self.scratch = bench.scratch
        self.names = bench.data.shard_names if folder == "shards" else bench.data.object_names
        self.range = bench.data.shard_range if folder == "shards" else bench.data.object_range
        self.bytes = bench.data.bytes_of(folder)
        self.small = folder == "small"
        self.rclone_transfers = RCLONE_TRANSFERS[folder]
        self.environment = bench.environment()


class Bench:
    def __init__(self, options):
        self.options = options
        self.scale = replace(QUICK if options.quick else FULL, **({"runs": options.runs} if options.runs else {}))
        self.home = options.directory
        self.scratch = tempfile.mkdtemp(prefix="aismove-bench-")
        data_scale = replace(self.scale, runs=0, names=0, keys=0)
        self.size = "quick" if options.quick else "full"
        self.data = DataSet(os.path.join(self.home, self.size), data_scale)
        self.aismove = options.aismove if options.aismove and os.access(options.aismove, os.X_OK) else None
        self.nginx = self.memory = None

    # The stage

    def open(self):
        os.makedirs(self.home, exist_ok=True)
        needed = 2 * self.scale.moved_bytes + (1 << 30)
        if stage.available_bytes() < needed:
            print("warning: %.1f GiB of memory are free, %.1f are wanted; figures will suffer (or use --quick)" % (
                stage.available_bytes() / 2**30, needed / 2**30))
        self.data.make()
        self.data.warm()
        self.nginx = stage.Nginx(self.data.www, pages.LOCATION)
        self.memory = stage.Memory(self.home, self.scale.moved_bytes + (2 << 30))
        if self.aismove and not stage.holds_attributes(self.memory.path):
            raise SystemExit("bench: this kernel's tmpfs has no user attributes (Linux 6.6 and newer have them)")

    def close(self):
        for part in (self.nginx, self.memory):
            if part:
                part.stop()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def contenders(self, durable):
        ours = [Aismove(self.aismove, durable)] if self.aismove else []
        others = [one for one in (Curl(), Aria2(), Rclone()) if one.program]
        return ours + others

    # One run and many

    def once(self, contender, case, parent, reuse=None, keep=False):
        """One timed run into a fresh folder of `parent` (or again into `reuse`); what arrived is counted. `keep` leaves
        removing it to the caller."""
        destination = reuse or tempfile.mkdtemp(prefix="run-", dir=parent)
        try:
            if not reuse and hasattr(contender, "prepare"):
                contender.prepare(destination)
            stage.settle()
            measured = run(contender.command(case, destination), environment=case.environment)
            arrived = arrived_in(destination)
            if measured.code != 0 or arrived != (len(case.names), case.bytes):
                raise SystemExit("bench: %s ended with %d, and %d files of %d bytes arrived instead of %d of %d\n%s" % (
                    contender.name, measured.code, *arrived, len(case.names), case.bytes, measured.tail))
            return measured
        finally:
            if not reuse and not keep:
                shutil.rmtree(destination, ignore_errors=True)

    def alternate(self, contenders, case, parent, keep=False):
        runs = {contender.name: [] for contender in contenders}
        if parent == self.memory.path:
            self.memory.touch(case.bytes)
        for number in range(self.scale.runs):
            # There and back: whoever always followed the same program would always pay for what it leaves behind.
            for contender in contenders if number % 2 == 0 else contenders[::-1]:
                measured = self.once(contender, case, parent, keep=keep)
                runs[contender.name].append(measured)
                self.tell(number, contender.name, measured)
        return runs

    def tell(self, number, name, measured):
        print("  run %d  %-18s %7.2f s wall %7.2f s CPU %6.0f MiB" % (
            number + 1, name, measured.wall, measured.cpu, measured.peak / 2**20), flush=True)

    def environment(self):
        """Loopback needs no proxy, and nobody's settings."""
        kept = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        return dict(kept, NO_PROXY="*", no_proxy="*", RCLONE_CONFIG="/dev/null")

    # The cases

    def shards(self):
        case = Case(self, "shards")
        result = Result("%d tar shards, %.2f GiB, to a tmpfs" % (len(case.names), case.bytes / 2**30),
                        self.alternate(self.contenders(durable=True), case, self.memory.path))
        ours, others = split(result.runs)
        if ours and others:
            result.budgets.append(Budget("wall, of the fastest other", fastest_ratio(ours, others), 1.0))
            if Curl.name in others:
                result.budgets.append(Budget("wall, of curl -Z", ratio(ours, others[Curl.name], "wall"), 0.7))
                result.budgets.append(Budget("CPU, of curl -Z", ratio(ours, others[Curl.name], "cpu"), 1.15))
            result.budgets.append(Budget("peak memory", max(one.peak for one in ours) / 2**20, 64, "MiB"))
        return result

    def small(self):
        case = Case(self, "small")
        result = Result("%d objects of %d KiB to a tmpfs" % (len(case.names), self.scale.object_bytes >> 10),
                        self.alternate(self.contenders(durable=False), case, self.memory.path))
        ours, others = split(result.runs)
        if ours and others:
            result.budgets.append(Budget("wall, of the fastest other", fastest_ratio(ours, others), 0.75))
        return result

    def durable(self):
        if not self.aismove:
            return None
        case = Case(self, "small")
        pair = [Aismove(self.aismove, durable=False), Aismove(self.aismove, durable=True)]
        # ext4 searches long for free inodes among those freed a moment ago, so nothing is removed between two runs.
        parent = tempfile.mkdtemp(prefix="durable-", dir=self.home)
        try:
            runs = self.alternate(pair, case, parent, keep=True)
        finally:
            shutil.rmtree(parent, ignore_errors=True)
        result = Result("%d objects of %d KiB to a disk (%s)" % (
            len(case.names), self.scale.object_bytes >> 10, stage.file_system(self.home)), runs)
        without, durable = result.runs.values()
        result.budgets.append(Budget("wall, durable of --no-sync", ratio(durable, without, "wall"), 1.5))
        return result

    def again(self):
        if not self.aismove:
            return None
        case, ours = Case(self, "small"), Aismove(self.aismove, durable=False)
        destination = tempfile.mkdtemp(prefix="again-", dir=self.memory.path)
        try:
            ours.prepare(destination)
            self.once(ours, case, None, reuse=destination)
            runs = [self.once(ours, case, None, reuse=destination) for _ in range(self.scale.runs)]
        finally:
            shutil.rmtree(destination, ignore_errors=True)
        result = Result("A second run over %d present objects" % len(case.names), {"aismove, again": runs})
        result.budgets.append(Budget("wall", median(runs, "wall"), 0.3, "s"))
        return result

    def names(self):
        if not self.aismove:
            return None
        destination = tempfile.mkdtemp(prefix="names-", dir=self.memory.path)
        try:
            Aismove(self.aismove).prepare(destination)
            few, many = self.scale.names // 100, self.scale.names
            runs = {"%d names" % count: [self.plan(destination, count) for _ in range(min(3, self.scale.runs))]
                    for count in (many, few)}
        finally:
            shutil.rmtree(destination, ignore_errors=True)
        result = Result("Template, HRW and FQN of %d names, no survey" % many, runs)
        most, least = runs["%d names" % many], runs["%d names" % few]
        result.budgets.append(Budget("rate", many / median(most, "wall"), 1e6, "names/s", at_least=True))
        result.budgets.append(Budget("peak memory", median(most, "peak") / 2**20, 64, "MiB"))
        growth = (median(most, "peak") - median(least, "peak")) / 2**20
        result.budgets.append(Budget("memory grows, from a hundredth of the names", growth, 4, "MiB"))
        return result

    def plan(self, destination, count):
        digits = len(str(count - 1))
        source = "https://h/d/train-{%s..%d}.tar" % ("0" * digits, count - 1)
        measured = run([
            self.aismove, "plan", source, "--to", "ais://b/train", "--store", os.path.join(destination, "store"),
            "--no-survey", "--totals"], environment=self.environment())
        if measured.code != 0:
            raise SystemExit("bench: aismove plan ended with %d\n%s" % (measured.code, measured.tail))
        return measured

    # What is told

    def facts(self):
        """By the mark of the section in docs/performance.md."""
        common = ["Machine: " + stage.machine() + ".", "Runs: %d each, alternating; medians." % self.scale.runs]
        if self.aismove:
            common.append("aismove: `%s`, verifying (xxhash, tar framing) and committing; the others verify nothing."
                          % version(self.aismove))
        http = [
            "Source: nginx on loopback, page cache warm, %s." % version(self.nginx.program, "-v").split(": ")[-1],
            "Others: %s (--parallel-max at its default of 50), %s, %s (--transfers 8 for shards, 16 and --http-no-head for small objects)."
            % tuple(" ".join(version(one.program).split()[:words]) if one.program else "not installed"
                    for one, words in ((Curl(), 2), (Aria2(), 3), (Rclone(), 2))),
        ]
        return {"bench": common + http, "bench-s3": common + s3.facts()}


def arrived_in(destination):
    """How many files and bytes are there: below %ob for a store, else all of them."""
    count = size = 0
    mountpath = os.path.join(destination, "mountpath")
    store = os.path.isdir(mountpath)
    for folder, _, files in os.walk(mountpath if store else destination):
        if store and "/%ob" not in folder:
            continue
        count += len(files)
        size += sum(os.lstat(os.path.join(folder, file)).st_size for file in files)
    return count, size


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    default = os.path.join(tempfile.gettempdir(), "aismove-bench-%d" % os.getuid())
    parser.add_argument("--aismove", default=os.path.join(root, ".build/release/aismove"), help="the binary")
    parser.add_argument("--only", default="all", help="all, or some of: " + ",".join(CASES))
    parser.add_argument("--quick", action="store_true", help="less data, fewer runs: a look, not a measurement")
    parser.add_argument("--runs", type=int, help="runs of each contender")
    parser.add_argument("--directory", default=os.environ.get("AISMOVE_BENCH_DIR", default), help="data, on a disk")
    parser.add_argument("--output", default=os.path.join(root, ".build"), help="folder for bench.json and bench.md")
    parser.add_argument("--write-docs", action="store_true", help="put the tables into docs/performance.md")
    parser.add_argument("--check", action="store_true", help="exit 1 when a budget is not kept")
    options = parser.parse_args()
    options.aismove, options.directory = os.path.abspath(options.aismove), os.path.abspath(options.directory)
    options.page = os.path.join(root, "docs/performance.md")
    options.cases = CASES if options.only == "all" else tuple(options.only.split(","))
    unknown = [case for case in options.cases if case not in CASES]
    if unknown:
        parser.error("no such case: %s (there are: %s)" % (", ".join(unknown), ", ".join(CASES)))
    return options


def main():
    options = arguments()
    bench = Bench(options)
    results = {"bench": [], "bench-s3": []}
    try:
        bench.open()
        if not bench.aismove:
            print("no aismove at %s: measuring the others only" % options.aismove)
        for case in options.cases:
            print("%s …" % case, flush=True)
            result = S3_CASES[case](bench) if case in S3_CASES else getattr(bench, case)()
            if result:
                results["bench-s3" if case in S3_CASES else "bench"].append(result)
        facts = bench.facts()
    finally:
        bench.close()

    sections = {mark: "\n".join(["- " + fact for fact in facts[mark]]) + "\n\n" + "\n".join(
        one.markdown() for one in of) for mark, of in results.items() if of}
    text = "\n".join(sections.values())
    print("\n" + text)
    os.makedirs(options.output, exist_ok=True)
    with open(os.path.join(options.output, "bench.md"), "w", encoding="utf-8") as file:
        file.write(text)
    every = [result for of in results.values() for result in of]
    with open(os.path.join(options.output, "bench.json"), "w", encoding="utf-8") as file:
        json.dump({"when": int(time.time()), "quick": options.quick, "facts": facts,
                   "results": [one.as_json() for one in every]}, file, indent=2)
    if options.write_docs:
        for mark, section in sections.items():
            report.write_docs(options.page, mark, section)
    kept = all(budget.kept for result in every for budget in result.budgets)
    return 1 if options.check and not kept else 0


if __name__ == "__main__":
    sys.exit(main())
