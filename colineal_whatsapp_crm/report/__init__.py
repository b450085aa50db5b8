from . import conversation_report  # isort: split
from . import classification_report, dashboard, followup_report, kpis, message_report
