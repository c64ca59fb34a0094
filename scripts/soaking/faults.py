"""Many small objects from a server that fails in every way it can, beside two other runs: all right, and memory flat."""
import re

from benchmarks.report import Budget, Result
from soaking import tests

OBJECTS, QUICK_OBJECTS = 100_000, 5_000
MEMORY_MIB = 96


def run(soak):
    objects = soak.number(OBJECTS, QUICK_OBJECTS)
    said = tests.run(soak, "AbuseTests", {"AISMOVE_ABUSE_COUNT": objects, "AISMOVE_TEST_PATIENCE": 1000})
    figures = re.search(r"^abuse: (\d+) objects, (\d+) retries, (\d+) s, peak (\d+) MiB$", said, re.MULTILINE)
    if not figures or int(figures[1]) != objects:
        raise SystemExit("soak: no figures of %d objects\n%s" % (objects, said[-2000:]))
    result = Result("%d small objects from a server that fails, beside two other runs on the store" % objects, {})
    result.budgets.append(Budget("peak memory of the largest of three runs", int(figures[4]), MEMORY_MIB, "MiB"))
    result.notes = [
        "every object right, as an independent decoder reads it; %s requests beyond the first ones" % figures[2],
        "the three runs together: %s s" % figures[3]]
    return result
