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

WITHOUT, WITH = "without_addon", "with_addon"


def compat(options):
    """Run the tests of Odoo's modules in two databases; 1 when one passes only where the addon is not."""
    modules = sorted(options.modules or MODULES)
    need_packages(browser=True)
    venv, home, odoo = Venv(), Home(STATE / "test", for_tests=True), find_odoo(options)
    venv.need_dev()
    with only_one(STATE / "test.lock", "testing"):
        try:
            home.start_postgres()
            home.start_redis()
            runner = Runner(home, odoo, venv)
            without = runner.baseline(modules, options.fresh)
            home.copy_database(WITHOUT, WITH)
            home.install(odoo, venv, WITH)
            home.warm(odoo, venv, WITH)
            together = runner.outcomes(WITH, modules, without)
        finally:
            home.stop_all()
    return compare(without, together)


class Runner:
    """Runs Odoo's tests in databases of a home."""

    def __init__(self, home, odoo, venv):
        self.home, self.odoo, self.venv = home, odoo, venv

    def baseline(self, modules, fresh):
        """{test: outcome} without the addon, kept until Odoo or the modules are others."""
        notes, kept = {"odoo": self.odoo.version, "modules": modules}, self.home.folder / f"{WITHOUT}.json"
        known = self.home.has_database(WITHOUT) and self.home.state["databases"][WITHOUT] == notes
        if fresh or not known:
            self.home.drop_database(WITHOUT)
            kept.unlink(missing_ok=True)
            title = f"Making a test database with {', '.join(modules)}"
            self.home.run_odoo(title, self.odoo, self.venv, WITHOUT, "-i", ",".join(modules))
            self.home.warm(self.odoo, self.venv, WITHOUT)
            self.home.finished_database(WITHOUT, **notes)
        if not kept.exists():
            kept.write_text(json.dumps(self.outcomes(WITHOUT, modules), indent=1))
        return json.loads(kept.read_text())

    def outcomes(self, database, modules, expected=()):
        """{test: outcome}. What failed, or did not begin though it was expected to, is run a second time.

        Some tests fail now and then, those of screens above all and on a busy machine.
        """
        first = self.run("Tests of Odoo", database, modules)
        doubtful = {test for test, outcome in first.items() if outcome == "failed"} | set(expected) - set(first)
        if not doubtful:
            return first
        again = self.run("Tests of Odoo again", database, sorted(doubtful))
        return first | {test: outcome for test, outcome in again.items() if outcome != "failed"}

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
            detail=latest(r'(?:: Starting |\[HOOT\] Test ")(\S+)'),
            script=ROOT / "devtools/odoos_tests.py",
        )
        lines = outcomes.read_text().splitlines() if outcomes.exists() else []
        return {line["test"]: line["outcome"] for line in map(json.loads, lines)}


def group(test):
    """mail, or for its tests of JavaScript: mail, desktop."""
    suite, _, path = test.partition(" ")
    return f"{path.split('/')[0][1:]}, {suite.rpartition('_')[2]}" if path else test.partition(".")[0]


def compare(without, together):
    """Print what passes without the addon and with it, by module, and then what passes only without it."""
    passing = {test for test, outcome in without.items() if outcome == "passed"}
    broken = sorted(test for test in passing if together.get(test) != "passed")
    columns = [Counter(map(group, tests)) for tests in (without, passing, passing - set(broken))]
    say(f"\n  {'':28}{'tests':>8}{'pass':>8}{f'and with {ADDON}':>36}")
    for name in sorted(columns[0]):
        say(f"  {name:28}{columns[0][name]:8}{columns[1][name]:8}{columns[2][name]:36}")
    say(f"  {'all':28}{len(without):8}{len(passing):8}{len(passing) - len(broken):36}")
    for test in broken:
        print(f"only without {ADDON}: {test}")
    return 1 if broken or not passing else 0
