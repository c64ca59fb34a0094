"""A million objects moved, the same run again, and a sync: these ask for no object, and none needs memory for their
number."""
import os
import re

from benchmarks import pages, stage
from benchmarks.gateway import client_environment
from benchmarks.measure import median
from benchmarks.report import Budget, Result
from soaking.responder import Responder

OBJECTS, QUICK_OBJECTS = 1_000_000, 20_000
MEMORY_MIB = 96

# The lists from the responder, the objects, all empty, from nginx itself, until there is a file `gone`.
LOCATIONS = """
        location = /keys { proxy_pass http://127.0.0.1:%(port)d; }
        location = /keys/ { proxy_pass http://127.0.0.1:%(port)d; }
        location /keys/ {
            if (-f $document_root/gone) { return 404; }
            add_header ETag '"d41d8cd98f00b204e9800998ecf8427e"';
            add_header Last-Modified "Tue, 02 Jan 2024 03:04:05 GMT";
            return 200 "";
        }
"""
RUNS = (
    ("first run", "moved", ["prefetch"]),
    ("second run", "present", ["prefetch"]),
    ("sync", "present", ["sync", "--delete"]),
)


def run(soak):
    objects = soak.number(OBJECTS, QUICK_OBJECTS)
    responder = Responder(objects, pages.empty_entry)
    nginx = stage.Nginx(soak.scratch, LOCATIONS % {"port": responder.port})
    environment = client_environment(nginx.base.rstrip("/"))
    gone = os.path.join(soak.scratch, "gone")
    runs = {}
    try:
        with soak.store() as store:
            for name, outcome, command in RUNS:
                measured = soak.run(
                    [soak.aismove, *command, "s3://keys", "--no-sync", "--store", store], environment)
                if not re.search(r"\b%d %s\b" % (objects, outcome), measured.tail):
                    raise SystemExit("soak: not %d %s:\n%s" % (objects, outcome, measured.tail))
                runs[name] = [measured]
                # From now on, who asks for an object finds it missing.
                open(gone, "w").close()
    finally:
        nginx.stop()
        responder.stop()
    result = Result("%d empty objects moved to a tmpfs, again, and synced" % objects, runs)
    for name, measured in runs.items():
        result.budgets.append(Budget("peak memory, %s" % name, median(measured, "peak") / 2**20, MEMORY_MIB, "MiB"))
    return result
