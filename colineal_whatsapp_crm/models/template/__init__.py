"""Templates: what one says and looks like comes first, then what fills it, then how it is made and approved at Twilio."""

# isort: skip_file
from . import base
from . import button
from . import variable
from . import approval
