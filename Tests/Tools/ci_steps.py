"""The shell of a CI file's job, one JSON list: ci_steps.py FILE JOB hit|miss

GitHub: the `run:` steps whose `if:` holds when the cache was hit or missed. GitLab: the lines of `script:`. Fails on what it
does not understand, so that a test never runs less than the file says. Beside the shell, `env` or `variables` that are plain.
"""
import json
import sys

import yaml

path, name, cache = sys.argv[1:4]
with open(path) as file:
    document = yaml.safe_load(file)
conditions = {
    None: True,
    "steps.cache.outputs.cache-hit == 'true'": cache == "hit",
    "steps.cache.outputs.cache-hit != 'true'": cache == "miss",
}
variables = document.get("env") or document.get("variables") or {}
if "jobs" in document:
    steps = document["jobs"][name]["steps"]
    for step in steps:
        if ("run" in step) == ("uses" in step):
            sys.exit(f"a step is neither run nor uses: {step}")
    shell = [step["run"] for step in steps if "run" in step and conditions[step.get("if")]]
else:
    shell = document[name]["script"]
if any("${{" in line for line in shell):
    sys.exit("expressions inside of shell are not run")
plain = {key: value for key, value in variables.items() if "${{" not in value}
print(json.dumps({"shell": shell, "variables": plain}))
