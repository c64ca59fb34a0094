"""The property tests of all parsers, with a million inputs each: no crash, no hang, no property broken."""
import re
import time

from benchmarks.report import Budget, Result
from soaking import tests

INPUTS, QUICK_INPUTS = 1_000_000, 20_000


def run(soak):
    wanted = soak.number(INPUTS, QUICK_INPUTS)
    # Four of the properties (tars, job files, reports and their ends) need nearly all of it, two run at once.
    seconds = (soak.deadline - time.monotonic()) / 4
    said = tests.run(soak, "mutated|generated", {"AISMOVE_FUZZ_COUNT": wanted, "AISMOVE_FUZZ_SECONDS": int(seconds)})
    made = [(name, int(inputs), int(wall)) for name, inputs, wall in re.findall(
        r"^fuzz: (\w+) (\d+) inputs (\d+) s$", said, re.MULTILINE)]
    if not made:
        raise SystemExit("soak: no property was tested\n" + said[-2000:])
    result = Result("Parsers under %d mutated and generated inputs each" % wanted, {})
    result.budgets.append(Budget(
        "inputs of the property that came to the fewest", min(inputs for _, inputs, _ in made), wanted, "inputs", True))
    result.notes = ["%s: %d inputs in %d s" % one for one in sorted(made)]
    return result
