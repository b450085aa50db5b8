"""The ledger of messages: their states and what follows from each come first."""

# isort: skip_file
from . import base
from . import media
from . import kinds
from . import correction
from . import translation
from . import draft
from . import thread
from . import typing
from . import ticket
from . import programs
from . import price
from . import consent
from . import template
from . import erasure
from . import export
from . import teaching
