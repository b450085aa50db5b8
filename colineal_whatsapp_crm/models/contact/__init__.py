"""A person on WhatsApp."""

# isort: skip_file
from . import base
from . import address
from . import thread
from . import consent
from . import marketing
from . import erasure
from . import merge
from . import export
