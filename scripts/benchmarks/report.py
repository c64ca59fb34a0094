"""Tables and verdicts: for the terminal, for docs/performance.md, and as JSON."""
from dataclasses import asdict, dataclass, field

from benchmarks.measure import median


@dataclass
class Budget:
    """One promise: what was measured must not be above (or, for rates, below) its limit."""

    text: str
    measured: float
    limit: float
    unit: str = "×"
    at_least: bool = False

    @property
    def kept(self):
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def line(self):
        sign = "≥" if self.at_least else "≤"
        verdict = "kept" if self.kept else "**not kept**"
        return "%s: %s (%s %s): %s" % (
            self.text, amount(self.measured, self.unit), sign, amount(self.limit, self.unit), verdict)


@dataclass
class Result:
    """One case: the runs of every contender, in the order they were given, and its budgets."""

    title: str
    runs: dict
    budgets: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def markdown(self):
        """The table, each ratio against the first row."""
        lines = ["### " + self.title, ""]
        if self.runs:
            first = next(iter(self.runs.values()))
            lines += ["| | wall, s (median, min–max) | CPU, s | peak, MiB | wall × | CPU × |", "|---|---|---|---|---|---|"]
            for name, runs in self.runs.items():
                walls = [one.wall for one in runs]
                lines.append("| %s | %.2f (%.2f–%.2f) | %.2f | %.0f | %.2f | %.2f |" % (
                    name, median(runs, "wall"), min(walls), max(walls), median(runs, "cpu"),
                    median(runs, "peak") / 2**20, ratio(runs, first, "wall"), ratio(runs, first, "cpu")))
            lines.append("")
        lines += ["- " + budget.line() for budget in self.budgets]
        lines += ["- " + note for note in self.notes]
        return "\n".join(lines) + "\n"

    def as_json(self):
        return {
            "title": self.title,
            "runs": {name: [asdict(one) for one in runs] for name, runs in self.runs.items()},
            "budgets": [dict(asdict(budget), kept=budget.kept) for budget in self.budgets],
            "notes": self.notes,
        }


def ratio(runs, others, value):
    below = median(others, value)
    return median(runs, value) / below if below else float("nan")


def split(runs):
    """aismove's runs, and the others' by name."""
    others = {name: of for name, of in runs.items() if not name.startswith("aismove")}
    return next((of for name, of in runs.items() if name.startswith("aismove")), None), others


def fastest_ratio(ours, others):
    return median(ours, "wall") / min(median(runs, "wall") for runs in others.values())


def write_docs(page, mark, text):
    """Puts the tables between the page's two markers of that name."""
    begin, end = "<!-- %s:begin -->" % mark, "<!-- %s:end -->" % mark
    with open(page, encoding="utf-8") as file:
        before, first, rest = file.read().partition(begin)
    _, last, after = rest.partition(end)
    if not first or not last:
        raise SystemExit("%s has no %s … %s" % (page, begin, end))
    with open(page, "w", encoding="utf-8") as file:
        file.write(before + begin + "\n" + text + end + after)


def amount(value, unit):
    if unit == "×":
        return "%.2f ×" % value
    if unit == "names/s":
        return "%.2f million names/s" % (value / 1e6)
    if unit in ("MiB", "inputs"):
        return "%.0f %s" % (value, unit)
    return "%.2f %s" % (value, unit)
