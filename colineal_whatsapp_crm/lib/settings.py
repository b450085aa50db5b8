"""Settings of the server rather than of a database: Odoo's environment first, then its configuration file.

In that file they stand in a section of their own: of those in ``[options]``, Odoo says that it does not know them.
"""

import os
from configparser import Error, RawConfigParser
from functools import cache

from odoo.tools import config

SECTION = "colineal_whatsapp_crm"


def get_setting(variable):
    """The value of an environment variable, or of the option of that name in Odoo's configuration file, or None.

    ``TWILIO_AUTH_TOKEN`` → the variable itself, then ``twilio_auth_token`` in the section ``[colineal_whatsapp_crm]``,
    then ``whatsapp_twilio_auth_token`` in ``[options]``, where earlier versions had it.
    """
    name = variable.lower()
    return (
        os.environ.get(variable) or _read_section(config["config"]).get(name) or config.get(f"whatsapp_{name}") or None
    )


@cache
def _read_section(path):
    """Our section of a configuration file, as it was when the process first asked; Odoo reads its own once, too."""
    parser = RawConfigParser()
    try:
        parser.read([path] if path else [])
    except (Error, OSError, UnicodeDecodeError):
        return {}  # Odoo has said so when it started
    return dict(parser[SECTION]) if parser.has_section(SECTION) else {}
