"""Writing first to who fell silent: the rules, and what was planned or sent by them."""

# isort: skip_file
from . import rule
from . import base
