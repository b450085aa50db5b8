"""Where things are."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".dev"
ADDON = "colineal_whatsapp_crm"


def cache():
    """Downloads live outside the clone, shared by all clones."""
    if named := os.environ.get("COLINEAL_CACHE"):
        return Path(named)
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "colineal-whatsapp-crm"
