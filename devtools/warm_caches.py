"""A plugin of pytest for tests inside Odoo: what one has cached, the next one finds, as in a server.

Odoo forgets all of its caches after each test and each class, and a fifth of the time of ours went into filling them
again: rules, defaults, compiled templates, the vocabulary. Here only a cache that was cleared meanwhile, which is what
Odoo does when it is no longer true, becomes what it was before; where all were, as by a change of models, all are empty.
Odoo's own runner (`./dev test --odoos-runner`) goes on forgetting.
"""

from unittest.mock import patch


def pytest_configure():
    """Pytest's hook; pytest-odoo has set Odoo up by then."""
    from odoo.modules.registry import Registry
    from odoo.tests.common import TransactionCase, get_db_name

    set_up, set_up_class = TransactionCase.setUp, TransactionCase.setUpClass.__func__

    def set_up_and_remember(case):
        remembered = _Remembered(case.registry)
        # Odoo adds it to what is done in the end.
        with patch.object(case.registry, "clear_all_caches", remembered.restore):
            set_up(case)

    def set_up_class_and_remember(cls):
        remembered = _Remembered(Registry(get_db_name()))
        cls.addClassCleanup(remembered.restore)  # after Odoo has cleared all
        set_up_class(cls)
        cls.addClassCleanup(remembered.look)

    TransactionCase.setUp = set_up_and_remember
    TransactionCase.setUpClass = classmethod(set_up_class_and_remember)


class _Remembered:
    """A registry's caches as they are before a test or a class."""

    def __init__(self, registry):
        self._registry, self._caches = registry, registry._Registry__caches
        self._values = {name: dict(cache.items()) for name, cache in self._caches.items()}
        self._looked = False
        #: An entry that is gone once its cache was cleared.
        self._mark = ("colineal", object())
        for cache in self._caches.values():
            cache[self._mark] = None

    def look(self):
        """Keep what is still true now, and may be cleared before `restore`."""
        self._looked = True
        same = self._caches is self._registry._Registry__caches
        cleared = [name for name, cache in self._caches.items() if self._mark not in cache]
        if not same or len(cleared) == len(self._caches):
            self._values = {}
            return
        for name, cache in self._caches.items():
            if name not in cleared:
                self._values[name] = {key: value for key, value in cache.items() if key != self._mark}

    def restore(self):
        if not self._looked:
            self.look()
        for name, cache in self._registry._Registry__caches.items():
            cache.clear()
            for key, value in self._values.get(name, {}).items():
                cache[key] = value
