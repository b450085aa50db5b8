"""./dev test and ./dev bench: which tests or measurements, on which database, with which environment."""

import ast
import os
import shutil
import threading
import time
from pathlib import Path
from xml.etree import ElementTree

from .console import DIES_WITH_US, only_one, run_counted, run_program, say
from .home import Home
from .machine import computed, free_port, need_packages, postgres_bin
from .odoo import Venv, clean_environment, find_odoo
from .paths import ADDON, ROOT, STATE, cache
from .product import LANGUAGE, QUIET, addon_fingerprint

# A server that starts would run every daily job at once, in the way of what a test waits for.
NOT_AT_START = "UPDATE ir_cron SET nextcall = now() + interval '1 day' WHERE interval_type <> 'minutes';"

#: Several processes, each with whole files and so with one server for all tests of a file.
SIDE_BY_SIDE = ("--dist", "loadfile", "--no-loadscope-reorder", "-p", "devtools.longest_first")
#: The addon's tests compute all the time; of the system's, one process mostly waits for what was killed to come back.
ADDON_PROCESSES, SYSTEM_PROCESSES = ("-n", "2", "-p", "devtools.shared_files"), ("-n", "3")
#: What only computes leaves the machine to what waits for servers, pages and what time it is, and fills its pauses.
GIVES_WAY = ("nice", "-n", "5")
SLOWEST = ("--durations=10", "--durations-min=1")

#: Folders whose tests need no Odoo: of what is plain Python, and of the stand-ins themselves.
PURE = (("tests", "understanding"), ("tests", "standins"))

# Options of pytest whose next argument is a value, and so no path even when a file has that name.
TAKES_VALUE = ("-k", "-m", "-p", "-n", "-c", "-o", "-W", "-r", "--deselect", "--ignore", "--maxfail", "--durations")


def plan_tests(args):
    """Which part of the tests to run with which arguments: {part: pytest's arguments}.

    Three parts: `addon` runs inside Odoo (pytest-odoo), `system` starts its own servers,
    `pure` needs neither. On demand, Odoo's own runner follows as a fourth.
    """
    paths, flags = {"addon": [], "system": [], "pure": []}, []
    for before, argument in zip(["", *args], args, strict=False):
        path = ROOT / argument.partition("::")[0]
        if not path.exists():
            path = Path.cwd() / argument.partition("::")[0]
        inside = path.resolve().is_relative_to(ROOT) and path.exists()
        if argument.startswith("-") or before in TAKES_VALUE or not inside:
            flags.append(argument)
            continue
        place = path.resolve().relative_to(ROOT)
        full = argument.replace(argument.partition("::")[0], str(place), 1)
        if place.parts[:1] == (ADDON,):
            paths["addon"].append(full)
        else:
            paths["pure" if place.parts[:2] in PURE else "system"].append(full)
    if not any(paths.values()):
        pure = ["/".join(place) for place in PURE]
        paths |= {"addon": [ADDON], "system": ["tests", *(f"--ignore={place}" for place in pure)], "pure": pure}
    return {part: [*where, *flags] for part, where in paths.items() if where}


def test(options):
    """Set up what the chosen tests need, run them, stop what was started for them."""
    begin, plan = time.monotonic(), plan_tests(options.args)
    venv, home = Venv(), Home(STATE / "test", for_tests=True)
    with only_one(STATE / "test.lock", "testing"):
        try:
            if set(plan) - {"pure"}:
                need_packages(browser=True)
            venv.need_dev()
            odoo = find_odoo(options) if set(plan) - {"pure"} else None
            results = run_parts(plan, venv, home, odoo, full=not options.args, again=options.odoos_runner)
            databases = home.running("postgres")
            databases = computed(databases["pid"]) if databases else 0
        finally:
            home.stop_all()
    say()
    for part, (code, seconds, work) in results.items():
        words = {0: "passed", 5: "no test selected"}.get(code, f"FAILED (exit {code})")
        say(f"  {part:8} {words:20} {seconds:6.1f} s, {work:6.1f} s of computing")
        for failure in read_failures(report_of(home, part)) if code else ():
            say(f"      {failure}")
    say(f"  {'PostgreSQL':40} {databases:6.1f} s of computing")
    codes = {code for code, *_seconds in results.values()}
    good = codes <= {0, 5} and 0 in codes
    say(f"  {'all passed' if good else 'NOT passed'} in {time.monotonic() - begin:.0f} s, with setting up")
    return 0 if good else 1


def report_of(home, part):
    """Where a part's pytest writes what came of each test, as JUnit's XML."""
    return home.folder / f"log/{part}.xml"


def read_failures(report):
    """A line for each test that failed: its name, and the first line of why."""
    if not report.exists():
        return
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 (pytest wrote it)
        for result in case:
            if result.tag in ("failure", "error"):
                why = result.get("message", "").splitlines()[:1]
                yield f"{case.get('classname')}::{case.get('name')}: {''.join(why)[:160]}"


def run_parts(plan, venv, home, odoo, full, again):
    """Each part of the plan: {part: (exit code, seconds, seconds of computing)}.

    All of them together: what needs no Odoo begins while the databases are made; the addon's tests, in two processes
    with a database each, run beside the system's, in three, and after them.
    """
    results, beside = {}, []

    def run(part, argv, env, log=None):
        start = time.monotonic()
        report = report_of(home, part)
        report.unlink(missing_ok=True)
        argv = [*argv, f"--junit-xml={report}"] if "pytest" in argv else argv
        # What runs in the background ends with us: nobody would tell it that we were interrupted.
        program = [*((*DIES_WITH_US, *GIVES_WAY) if log else ()), venv.python, *argv]
        code, work = run_counted(program, env, ROOT, log)
        results[part] = code, time.monotonic() - start, work

    def run_aloud(part, argv, env):
        say(f"\n== {part} tests")
        run(part, argv, env)

    def run_beside(part, argv, env):
        log = home.folder / f"log/{part}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        thread = threading.Thread(target=run, args=(part, argv, env, log), daemon=True)
        thread.start()
        beside.append((part, thread, log))

    if "pure" in plan:
        env = {**clean_environment(), "PATH": f"{venv.bin}:{os.environ.get('PATH', '')}"}
        argv = ["-m", "pytest", "-p", "no:odoo", *plan["pure"]]
        run_beside("pure", [*argv, *SLOWEST], env) if full else run_aloud("pure", argv, env)
    if not odoo:
        return results
    home.start_postgres()
    home.start_redis()
    build_template(home, odoo, venv, warm=full)
    env = test_environment(home, odoo, venv)
    if "addon" in plan:
        home.copy_database("template", "addon")
        config = home.write_config("addon", free_port())
        inside = [
            "-m",
            "pytest",
            "-p",
            "devtools.warm_caches",
            "-p",
            "devtools.patience",
            f"--odoo-config={config}",
            "--odoo-database=addon",
            "--odoo-http",
            *plan["addon"],
        ]
        # For several processes pytest-odoo makes a database each, with PostgreSQL's own programs.
        copying = {"PGHOST": home.socket, "PGUSER": "odoo", "PATH": f"{env['PATH']}:{postgres_bin()}"}
        if full:
            run_beside("addon", [*inside, *ADDON_PROCESSES, *SIDE_BY_SIDE, *SLOWEST], {**env, **copying})
        else:
            run_aloud("addon", inside, {**env, **copying})
    if "system" in plan:
        together = [*SYSTEM_PROCESSES, *SIDE_BY_SIDE, *SLOWEST] if full else []
        argv = ["-m", "pytest", "-p", "no:odoo", "-p", "devtools.second_attempt", *together, *plan["system"]]
        run_aloud("system", argv, env)
    for part, thread, log in beside:
        thread.join()
        say(f"\n== {part} tests\n{log.read_text(errors='replace')}")
    if again:
        home.copy_database("template", "runner")
        config = home.write_config("runner", free_port())
        wanted = ["-u", ADDON, "--test-tags", f"/{ADDON}", "--stop-after-init", "--log-level=warn"]
        wanted += ["--log-handler=odoo.tests.result:INFO", "--log-handler=odoo.tests.stats:INFO"]
        run_aloud("runner", [odoo.script, "-c", config, "-d", "runner", *wanted], env)
    return results


def build_template(home, odoo, venv, warm):
    """The database that every test run starts from a copy of: the addon with demo data.

    It is made from a base with only what the addon depends on, so that it takes seconds
    after a change of the addon; the base is made anew when Odoo or the dependencies change.
    """
    depends = ast.literal_eval((ROOT / ADDON / "__manifest__.py").read_text())["depends"]
    base = {"odoo": odoo.version, "depends": depends, "sql": NOT_AT_START}
    if not home.has_database("base") or home.state["databases"]["base"] != base:
        home.drop_database("base")
        what = ("-i", ",".join(depends), "--with-demo", f"--load-language={LANGUAGE}")
        home.run_odoo("Making a test database with what the addon depends on", odoo, venv, "base", *what)
        home.sql(NOT_AT_START, "base")
        home.finished_database("base", **base)
    template = {**base, "addon": addon_fingerprint()}
    done = home.has_database("template") and home.state["databases"]["template"]
    if not done or done | template != done:
        home.copy_database("base", "template")
        home.install(odoo, venv, "template", "--with-demo")
        home.sql(QUIET + NOT_AT_START, "template")
        home.finished_database("template", **template, warm=False)
    if warm and not home.state["databases"]["template"]["warm"]:
        home.warm(odoo, venv, "template")
        home.finished_database("template", **template, warm=True)


#: Programs of bench/ that need no Odoo, and are commands of their own.
PLAIN_PROGRAMS = ("predict", "evaluate", "train")


def bench(options):
    """Run one measurement of bench/, with all that the system tests have; alone, say which there are."""
    programs = {
        path.stem: path for path in sorted((ROOT / "bench").glob("[!_]*.py")) if path.stem not in PLAIN_PROGRAMS
    }
    name, *args = options.args or [""]
    if name not in programs:
        say("./dev bench NAME [--help]:")
        for each, path in programs.items():
            say(f"  {each:8} {ast.get_docstring(ast.parse(path.read_text())).splitlines()[0]}")
        return 1 if name else 0
    need_packages()
    venv, home = Venv(), Home(STATE / "test", for_tests=True)
    venv.need_dev()
    odoo = find_odoo(options)
    with only_one(STATE / "test.lock", "testing"):
        try:
            home.start_postgres()
            home.start_redis()
            build_template(home, odoo, venv, warm=False)
            return run_program([venv.python, programs[name], *args], test_environment(home, odoo, venv), Path.cwd())
        finally:
            home.stop_all()


def test_environment(home, odoo, venv):
    """What the tests may rely on; nobody's real credentials are among it."""
    env = home.odoo_environment(odoo, venv)
    for key in [*env]:
        if key.startswith(("TWILIO_", "GEMINI_", "GOOGLE_API", "WHATSAPP_", "COLINEAL_")):
            del env[key]
    local = "127.0.0.1,localhost"
    return env | {
        "no_proxy": local,
        "NO_PROXY": local,
        "CHROMIUM": shutil.which("chromium"),
        "COLINEAL_ODOO": str(odoo.script),
        "COLINEAL_PYTHON": str(venv.python),
        "COLINEAL_ADDONS": str(ROOT),
        "COLINEAL_PG_HOST": home.socket,
        "COLINEAL_PG_PORT": "5432",
        "COLINEAL_PG_USER": "odoo",
        "COLINEAL_PG_BIN": str(postgres_bin()),
        "COLINEAL_TEMPLATE_DB": "template",
        "COLINEAL_BASE_DB": "base",
        "COLINEAL_TEMPLATE_DATA_DIR": str(home.folder / "data"),
        "COLINEAL_REDIS_SERVER": str(home.folder / "redis/redis-server"),
        "COLINEAL_CACHE": str(cache()),
        "COLINEAL_LOGS": os.pathsep.join(str(home.folder / name) for name in ("postgres.log", "redis.log")),
    }
