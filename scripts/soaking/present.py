"""A million objects moved, and the same run again: it moves nothing, and neither needs memory for their number."""
import re

from benchmarks import pages, stage
from benchmarks.gateway import client_environment
from benchmarks.measure import median
from benchmarks.report import Budget, Result
from soaking.responder import Responder

OBJECTS, QUICK_OBJECTS = 1_000_000, 20_000
MEMORY_MIB = 96

# The lists from the responder, the objects, all empty, from nginx itself.
LOCATIONS = """
        location = /keys { proxy_pass http://127.0.0.1:%(port)d; }
        location = /keys/ { proxy_pass http://127.0.0.1:%(port)d; }
        location /keys/ {
            add_header ETag '"d41d8cd98f00b204e9800998ecf8427e"';
            add_header Last-Modified "Tue, 02 Jan 2024 03:04:05 GMT";
            return 200 "";
        }
"""


def run(soak):
    objects = QUICK_OBJECTS if soak.quick else OBJECTS
    responder = Responder(objects, pages.empty_entry)
    nginx = stage.Nginx(soak.scratch, LOCATIONS % {"port": responder.port})
    environment = client_environment(nginx.base.rstrip("/"))
    runs = {}
    try:
        with soak.store() as store:
            for name, outcome in (("first run", "moved"), ("second run", "present")):
                measured = soak.run(
                    [soak.aismove, "prefetch", "s3://keys", "--no-sync", "--store", store], environment)
                if not re.search(r"\b%d %s\b" % (objects, outcome), measured.tail):
                    raise SystemExit("soak: not %d %s:\n%s" % (objects, outcome, measured.tail))
                runs[name] = [measured]
    finally:
        nginx.stop()
        responder.stop()
    result = Result("%d empty objects moved to a tmpfs, and again" % objects, runs)
    for name, measured in runs.items():
        result.budgets.append(Budget("peak memory, %s" % name, median(measured, "peak") / 2**20, MEMORY_MIB, "MiB"))
    return result
