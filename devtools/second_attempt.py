"""A plugin of pytest: a test of a shop that runs, or of its pages, may fail once, and says so at the end when it did.

It shares server, browser and machine with others, and something may come later than any patience. What kills servers,
upgrades them or tries at random has one attempt: there, once is a fault.

One that passed only at its second attempt is no failure of the run, and no success of the test: somebody has to look.
Without pytest-rerunfailures (`-p no:rerunfailures`) each has one attempt.
"""

import pytest

_SHARED = {"browser", "shop", "live_shop"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Pytest's hook."""
    if config.pluginmanager.hasplugin("rerunfailures"):
        for item in items:
            if not _SHARED.isdisjoint(item.fixturenames):
                item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter):
    """Pytest's hook."""
    stats = terminalreporter.stats
    failed = {report.nodeid for outcome in ("failed", "error") for report in stats.get(outcome, ())}
    first = {report.nodeid: report for report in stats.get("rerun", ()) if report.nodeid not in failed}
    if first:
        terminalreporter.section("passed only at the second attempt; look at it")
    for name, report in sorted(first.items()):
        crash = getattr(report.longrepr, "reprcrash", None)
        terminalreporter.line(f"{name} ({report.when})")
        terminalreporter.line(f"    {crash.message.splitlines()[0]}" if crash else f"    {report.longreprtext}")
