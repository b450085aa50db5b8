"""The topics of a conversation, in the order in which they are best read."""

# isort: skip_file
from . import base
from . import turn
from . import review
from . import correction
from . import reply
from . import closing
from . import advertising
from . import lead
from . import lead_tags
from . import told_number
from . import handover
from . import assignment
from . import handover_activity
from . import support
from . import ticket
from . import escalation
from . import followup
from . import thread
from . import quick_replies
from . import template
from . import programs
from . import inbox
from . import live
from . import actions
from . import consent
from . import counters
from . import erasure
from . import merge
from . import retention
from . import export
