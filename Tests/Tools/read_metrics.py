"""Reads metrics in Prometheus' text format from standard input with Prometheus' own parser; prints JSON.

    {"NAME": [{"type": "gauge", "labels": {…}, "value": 1.0}, …], …}
"""
import json
import sys

from prometheus_client.parser import text_fd_to_metric_families

found = {}
for family in text_fd_to_metric_families(sys.stdin):
    for sample in family.samples:
        found.setdefault(sample.name, []).append(
            {"type": family.type, "labels": sample.labels, "value": sample.value, "help": family.documentation})
json.dump(found, sys.stdout)
