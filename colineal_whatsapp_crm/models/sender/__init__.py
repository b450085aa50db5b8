"""Our numbers at Twilio."""

# isort: skip_file
from . import base
from . import setup
from . import health
from . import prices
from . import erasure
from . import templates
