"""Settings of the server rather than of a database: Odoo's environment first, then its configuration file."""

import os

from odoo.tools import config


def get_setting(variable):
    """The value of an environment variable, or of the option ``whatsapp_…`` of that name in ``odoo.conf``, or None.

    ``TWILIO_AUTH_TOKEN`` → the variable itself, then the option ``whatsapp_twilio_auth_token``.
    """
    return os.environ.get(variable) or config.get(f"whatsapp_{variable.lower()}") or None
