"""Fed to `odoo shell`: run Odoo's own tests with every module loaded, and write down what became of each.

ODOO_TESTS is a JSON list of what to run: modules, or single tests by the names that are written down here. The file
ODOO_OUTCOMES gets a line a test, as it ends: {"test": its name, "outcome": "passed", "failed" or "skipped"}.
"""

import json
import logging
import os
import re
from pathlib import Path

from odoo.addons.web.tests.test_js import HOOTCommon
from odoo.modules import get_module_path
from odoo.tests import loader, shell

# The tests of JavaScript are one test each for Python: on a desktop and on a telephone.
SUITES = {"test_unit_desktop": "WebSuite", "test_unit_mobile": "MobileWebSuite"}

# What their runner says of each in the browser's console.
SAID = re.compile(r'\[HOOT\] Test "(.*)" (passed|failed)\b', re.S)


def write_down(test, outcome):
    with open(os.environ["ODOO_OUTCOMES"], "a") as file:
        file.write(json.dumps({"test": test, "outcome": outcome}) + "\n")


class Result(loader.OdooTestResult):
    """Odoo's own only counts."""

    def startTest(self, test):
        self.outcome = "passed"
        super().startTest(test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.outcome = "skipped"

    def logError(self, flavour, test, error):
        super().logError(flavour, test, error)
        self.outcome = "failed"

    def stopTest(self, test):
        super().stopTest(test)
        if not isinstance(test, HOOTCommon):
            write_down(test.id().removeprefix("odoo.addons."), self.outcome)


class Console(logging.Handler):
    def emit(self, record):
        suite = record.name.removesuffix(".browser").rpartition(".")[2]
        if suite in SUITES and (match := SAID.search(record.getMessage())):
            write_down(f"{suite} {match[1]}", match[2])


def selected(names):
    """As --test-tags, and for each suite of JavaScript what to run of it: tests or folders of tests."""
    tags, javascript = [], {suite: [] for suite in SUITES}
    for name in names:
        suite, _, test = name.partition(" ")
        if test:
            javascript[suite].append(test)
        elif "." in name:
            module, *_, of, method = name.split(".")
            tags.append(f"/{module}:{of}.{method}")
        else:
            tags.append(f"/{name}")
            if any(Path(get_module_path(name), "static/tests").rglob("*.test.js")):
                for chosen in javascript.values():
                    chosen.append(f"@{name}")
    tags += [f"/web:{SUITES[suite]}.{suite}" for suite, chosen in javascript.items() if chosen]
    return ",".join(tags), javascript


tags, javascript = selected(json.loads(os.environ["ODOO_TESTS"]))
# Not by --test-tags: the names of these tests may have commas and brackets.
HOOTCommon.get_hoot_filters = lambda self: "".join(
    f"&id={self._generate_hash(name)}" for name in javascript.get(self._testMethodName, ())
)
loader.OdooTestResult = Result
logging.getLogger("odoo").addHandler(Console())
shell.run_tests(env, tags)  # noqa: F821
