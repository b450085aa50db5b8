"""A plugin of pytest for runs in several processes: what takes longest comes first, so that none waits for another in the end."""

from .paths import ADDON, ROOT

#: By place and topic, as measured; others follow in their usual order.
_LONGEST = {
    "tests": "chaos reports/reports inbox fuzz inbox_views lifecycle model dashboard chat simulator api manners redis privacy",
    f"{ADDON}/tests": "javascript survival break_in handover privacy manners access api opt_out thread_rights",
}
_RANKS = {
    f"{place}/{folder}{slash}test_{topic}.py": rank
    for place, topics in _LONGEST.items()
    for rank, name in enumerate(topics.split())
    for folder, slash, topic in (name.rpartition("/"),)
}


def pytest_collection_modifyitems(items):
    """Pytest's hook. Tests of one file stay together."""
    items.sort(key=lambda item: _RANKS.get(item.path.relative_to(ROOT).as_posix(), len(_RANKS)))
