"""A million objects moved, the same run again, and a sync: these ask for no object, and none needs memory for their
number."""
import re

from benchmarks import pages, stage
from benchmarks.gateway import client_environment
from benchmarks.measure import median
from benchmarks.report import Budget, Result
from soaking.responder import Responder

OBJECTS, QUICK_OBJECTS = 1_000_000, 20_000
MEMORY_MIB = 96

# The lists from the responder.
LISTS = """
        location = /keys { proxy_pass http://127.0.0.1:%d; }
        location = /keys/ { proxy_pass http://127.0.0.1:%d; }
"""
# The objects, all empty, from nginx itself; where there are none, whoever asks for one finds it missing.
OBJECTS_THERE = """
        location /keys/ {
            add_header ETag '"d41d8cd98f00b204e9800998ecf8427e"';
            add_header Last-Modified "Tue, 02 Jan 2024 03:04:05 GMT";
            return 200 "";
        }
"""
NO_OBJECTS = """
        location /keys/ { return 404; }
"""
RUNS = (
    ("first run", "moved", OBJECTS_THERE, ["prefetch"]),
    ("second run", "present", NO_OBJECTS, ["prefetch"]),
    ("sync", "present", NO_OBJECTS, ["sync", "--delete"]),
)


def run(soak):
    objects = soak.number(OBJECTS, QUICK_OBJECTS)
    responder = Responder(objects, pages.empty_entry)
    runs = {}
    try:
        with soak.store() as store:
            for name, outcome, location, command in RUNS:
                nginx = stage.Nginx(soak.scratch, LISTS % (responder.port, responder.port) + location)
                try:
                    measured = soak.run(
                        [soak.aismove, *command, "s3://keys", "--no-sync", "--store", store],
                        client_environment(nginx.base.rstrip("/")))
                finally:
                    nginx.stop()
                if not re.search(r"\b%d %s\b" % (objects, outcome), measured.tail):
                    raise SystemExit("soak: not %d %s:\n%s" % (objects, outcome, measured.tail))
                runs[name] = [measured]
    finally:
        responder.stop()
    result = Result("%d empty objects moved to a tmpfs, again, and synced" % objects, runs)
    for name, measured in runs.items():
        result.budgets.append(Budget("peak memory, %s" % name, median(measured, "peak") / 2**20, MEMORY_MIB, "MiB"))
    return result
