"""A plugin of pytest for runs in several processes: what takes longest comes first, so that none waits for another in the end.

Tests of one file stay together, and so do files whose tests share a server that no others need; a test with a server of
its own may run anywhere.
"""

from xdist.scheduler import LoadFileScheduling

from .paths import ADDON, ROOT

#: By place and topic, as measured; others follow in their usual order.
_LONGEST = {
    # The fourth waits behind the first, which is one test: a process is always given two.
    "tests": "chaos reports/reports inbox_views composer lifecycle fuzz api model inbox dashboard words simulator handover"
    " chat manners redis privacy",
    f"{ADDON}/tests": "javascript survival break_in handover privacy manners access api opt_out thread_rights",
}
#: With the live shop.
_LIVE = (
    "tests/reports/test_reports.py",
    *(f"tests/test_{topic}.py" for topic in ("kinds", "outbox", "survival", "voice")),
)
#: With a server each.
_APART = (
    "tests/test_lifecycle.py::test_upgrade",
    "tests/test_lifecycle.py::test_copied",
    "tests/test_fuzz.py::test_fuzz",
)

_RANKS = {
    f"{place}/{folder}{slash}test_{topic}.py": rank
    for place, topics in _LONGEST.items()
    for rank, name in enumerate(topics.split())
    for folder, slash, topic in (name.rpartition("/"),)
}
_RANKS |= dict.fromkeys(_LIVE, _RANKS[_LIVE[0]])


def pytest_collection_modifyitems(items):
    """Pytest's hook."""
    items.sort(key=lambda item: _RANKS.get(item.path.relative_to(ROOT).as_posix(), len(_RANKS)))


def pytest_xdist_make_scheduler(config, log):
    """The hook of pytest-xdist."""
    return _ByServer(config, log)


class _ByServer(LoadFileScheduling):
    def _split_scope(self, nodeid):
        if nodeid.startswith(_APART):
            return nodeid
        file = super()._split_scope(nodeid)
        return _LIVE[0] if file in _LIVE else file
