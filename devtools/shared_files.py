"""A plugin of pytest for tests inside Odoo in several processes, which share one filestore.

Odoo clears away after each class what no attachment of the database needs any more. The other processes' attachments are
in other databases, so that one would take the others' files from under their tests. The folder goes as a whole.
"""


def pytest_configure():
    """Pytest's hook; pytest-odoo has set Odoo up by then."""
    from odoo.tests.common import TransactionCase

    TransactionCase._gc_filestore = classmethod(lambda cls: None)
