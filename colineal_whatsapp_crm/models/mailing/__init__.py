"""One template for many customers: the mailing, then each who is to get it."""

# isort: skip_file
from . import base
from . import recipient
