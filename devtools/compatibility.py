"""./dev compat: do Odoo's own tests that pass without the addon pass with it?"""

import json
from collections import Counter

from .console import latest, only_one, run_step, say
from .home import Home
from .machine import free_port, need_packages
from .odoo import Venv, find_odoo
from .paths import ADDON, ROOT, STATE
from .testing import test_environment

#: What the addon extends, and the modules that hold further tests of these.
MODULES = ("crm", "crm_livechat", "im_livechat", "mail", "test_mail")

WITH, WITHOUT = "with_addon", "without_addon"


def compat(options):
    """Run all tests of the modules with the addon, and those that fail without it; 1 when one passes there."""
    modules = sorted(options.modules or MODULES)
    need_packages(browser=True)
    venv, home, odoo = Venv(), Home(STATE / "test", for_tests=True), find_odoo(options)
    venv.need_dev()
    with only_one(STATE / "test.lock", "testing"):
        try:
            home.start_postgres()
            home.start_redis()
            runner = Runner(home, odoo, venv)
            runner.build_databases(modules)
            outcomes, failing = runner.failing_twice(WITH, modules)
            fails_anyway = runner.failing_twice(WITHOUT, sorted(failing))[1] if failing else set()
        finally:
            home.stop_all()
    return report(outcomes, failing, fails_anyway)


class Runner:
    """Runs Odoo's tests in databases of a home."""

    def __init__(self, home, odoo, venv):
        self.home, self.odoo, self.venv = home, odoo, venv

    def build_databases(self, modules):
        """As Odoo's tests expect them: in English and without demo data."""
        notes = {"odoo": self.odoo.version, "modules": modules}
        if not self.home.has_database(WITHOUT) or self.home.state["databases"][WITHOUT] != notes:
            self.home.drop_database(WITHOUT)
            title = f"Making a test database with {', '.join(modules)}"
            self.home.run_odoo(title, self.odoo, self.venv, WITHOUT, "-i", ",".join([*modules, "crm"]))
            self.home.warm(self.odoo, self.venv, WITHOUT)
            self.home.finished_database(WITHOUT, **notes)
        self.home.copy_database(WITHOUT, WITH)
        self.home.install(self.odoo, self.venv, WITH)
        self.home.warm(self.odoo, self.venv, WITH)

    def failing_twice(self, database, names):
        """({test: outcome}, tests that failed again when only what had failed was run).

        Some fail now and then, those of screens above all, and more of them on a busy machine.
        """
        outcomes = self.run("Tests of Odoo", database, names)
        doubtful = sorted(test for test, outcome in outcomes.items() if outcome == "failed")
        again = self.run("Again what failed", database, doubtful) if doubtful else {}
        return outcomes | again, {test for test, outcome in again.items() if outcome == "failed"}

    def run(self, title, database, names):
        """{test: outcome} of modules, or of tests by their names."""
        config = self.home.write_config(database, free_port())
        log = self.home.folder / f"log/{title.lower().replace(' ', '-')}-{database}.log"
        outcomes = self.home.folder / "outcomes.jsonl"
        outcomes.unlink(missing_ok=True)
        shell = [self.venv.python, self.odoo.script, "shell", "-c", config, "-d", database]
        run_step(
            f"{title}, {database.replace('_', ' ')}",
            [*shell, f"--screenshots={log.parent}"],
            env=test_environment(self.home, self.odoo, self.venv)
            | {"ODOO_TESTS": json.dumps(names), "ODOO_OUTCOMES": str(outcomes)},
            cwd=ROOT,
            log=log,
            detail=latest(r"(?:: Starting |\[HOOT\] Test [\"'`])(\S+)"),
            script=ROOT / "devtools/odoos_tests.py",
        )
        lines = outcomes.read_text().splitlines() if outcomes.exists() else []
        return {line["test"]: line["outcome"] for line in map(json.loads, lines)}


def group(test):
    """mail, or for its tests of JavaScript: mail, desktop."""
    suite, _, path = test.partition(" ")
    return f"{path.split('/')[0][1:]}, {suite.rpartition('_')[2]}" if path else test.partition(".")[0]


def report(outcomes, failing, fails_anyway):
    """Print how many tests there are by module, and which pass only without the addon."""
    passed = [test for test, outcome in outcomes.items() if outcome == "passed"]
    broken = sorted(failing - fails_anyway)
    columns = [Counter(map(group, tests)) for tests in (passed, failing & fails_anyway, broken)]
    say(f"\n  {'tests of':24}{'passed':>10}{'fail anyway':>14}   pass only without {ADDON}")
    for name in sorted(set().union(*columns)):
        say(f"  {name:24}{columns[0][name]:10}{columns[1][name]:14}{columns[2][name]:8}")
    for test in broken:
        print(f"passes only without {ADDON}: {test}")
    return 1 if broken or not passed else 0
