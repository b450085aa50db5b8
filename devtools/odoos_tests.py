"""Fed to `odoo shell`: run Odoo's own tests with every module loaded, and write down what became of each.

ODOO_TESTS is a JSON list of what to run: modules, or what is named in the file ODOO_OUTCOMES. That file gets a line a
test, as it ends: {"test": its name, "outcome": "passed", "failed" or "skipped"}. Whatever keeps several tests from
running, such as a class that cannot be set up, gets a line as one failure of them all.
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

# A class that could not be set up or cleaned up, as Odoo calls it.
OF_CLASS = re.compile(r"\w+Class \(odoo\.addons\.(.*)\)")

# What their runner says in the browser's console of each, and at its end.
SAID = re.compile(r"""\[HOOT\] Test (["'`])(.*)\1 (passed|failed)\b""", re.S)
SAID_LAST = re.compile(r"\[HOOT\] (Passed|Failed) \d+ tests")


def write_down(test, outcome):
    with open(os.environ["ODOO_OUTCOMES"], "a") as file:
        file.write(json.dumps({"test": test, "outcome": outcome}) + "\n")


class Result(loader.OdooTestResult):
    """Odoo's own only counts."""

    outcome = "passed"

    def startTest(self, test):
        self.outcome = "passed"
        super().startTest(test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.outcome = "skipped"

    def logError(self, flavour, test, error):
        super().logError(flavour, test, error)
        self.outcome = "failed"
        if whole_class := OF_CLASS.fullmatch(test.id()):
            write_down(f"{whole_class[1]}.", "failed")

    def stopTest(self, test):
        super().stopTest(test)
        if test._testMethodName not in SUITES:
            write_down(test.id().removeprefix("odoo.addons."), self.outcome)
        elif test._testMethodName not in Console.ended:
            for chosen in javascript[test._testMethodName]:
                write_down(f"{test._testMethodName} {chosen}", "failed")


class Console(logging.Handler):
    """Reads what the runner of JavaScript tests says."""

    ended = set()

    def emit(self, record):
        suite = record.name.removesuffix(".browser").rpartition(".")[2]
        if suite not in SUITES:
            return
        if match := SAID.search(record.getMessage()):
            write_down(f"{suite} {match[2]}", match[3])
        elif SAID_LAST.search(record.getMessage()):
            self.ended.add(suite)


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
