"""A million keys of a bucket listed and planned: complete, and in memory that does not grow with their number."""
import json

from benchmarks.gateway import client_environment
from benchmarks.measure import median
from benchmarks.report import Budget, Result
from soaking.responder import Responder

KEYS, QUICK_KEYS = 1_000_000, 20_000
MEMORY_MIB = 96


def run(soak):
    keys = soak.number(KEYS, QUICK_KEYS)
    responder = Responder(keys)
    environment = client_environment(responder.endpoint)
    runs = {}
    try:
        with soak.store() as store:
            for count, command in ((keys, ["ls", "s3://keys", "--remote"]),
                                   (None, ["plan", "s3://keys", "--totals", "--json"])):
                measured = soak.run([soak.aismove, *command, "--store", store], environment, lines=count)
                runs["aismove " + command[0]] = [measured]
            planned = json.loads(measured.tail.splitlines()[-1])
    finally:
        responder.stop()
    if planned["actions"] != {"move": keys}:
        raise SystemExit("soak: planned %s instead of %d" % (planned["actions"], keys))
    result = Result("%d keys of a bucket, listed and planned" % keys, runs)
    for name, measured in runs.items():
        result.budgets.append(Budget(
            "peak memory of %s" % name, median(measured, "peak") / 2**20, MEMORY_MIB, "MiB"))
    return result
