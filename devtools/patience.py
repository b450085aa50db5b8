"""A plugin of pytest for tests inside Odoo: a request to the server may take a minute, as the machine has others to serve.

Odoo's own tests give it 12 seconds.
"""


def pytest_configure():
    """Pytest's hook; pytest-odoo has set Odoo up by then."""
    from odoo.tests.common import HttpCase

    url_open = HttpCase.url_open

    def url_open_patiently(case, *args, timeout=60, **options):
        return url_open(case, *args, timeout=timeout, **options)

    HttpCase.url_open = url_open_patiently
