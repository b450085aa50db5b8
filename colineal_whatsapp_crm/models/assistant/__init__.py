"""What an assistant is set to: its playbook, limits, wordings and language model."""

# isort: skip_file
from . import base
from . import policies
from . import wording
from . import model
from . import faults
from . import try_it
