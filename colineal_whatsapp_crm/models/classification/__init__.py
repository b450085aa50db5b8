"""An analysed turn."""

# isort: skip_file
from . import base
from . import review
from . import reread
