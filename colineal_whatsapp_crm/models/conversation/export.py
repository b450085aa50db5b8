from odoo import models
from odoo.tools import html2plaintext

_TURN_FIELDS = (
    "provider",
    "model",
    "slots",
    "right_slots",
    "quality",
    "completeness",
    "confidence",
    "action",
    "explanation",
)


class WhatsappConversation(models.Model):
    """What of a conversation is given to the person it is about."""

    _inherit = "whatsapp.conversation"

    def _get_personal_data(self):
        return {
            "with": self.sender_id.number,
            "stage": self.stage,
            "quality": self.quality,
            "begun": self.create_date,
            "last_message": self.last_message_at,
            "known": (self.understanding or {}).get("slots"),
            "messages": [line._get_personal_data() for line in self.line_ids.sorted("id")],
            "analyses": [
                {"at": turn.create_date} | {name: turn[name] for name in _TURN_FIELDS}
                for turn in self.classification_ids.sorted("id")
            ],
            "hand_overs": [
                {"at": each.called_at, "reason": each.reason, "outcome": each.outcome, "ended": each.ended_at}
                for each in self.handover_ids.sorted("id")
            ],
            "follow_ups": [
                {"planned": each.planned_at, "state": each.state, "sent": each.sent_at, "answered": each.answered_at}
                for each in self.followup_ids.sorted("id")
            ],
            "notes": [
                {"at": note.date, "author": note.author_id.name, "text": html2plaintext(note.body)}
                for note in (self.message_ids | self.channel_id.message_ids).sorted("id")
                if note.body and not note.whatsapp_line_ids
            ],
        }

    def _list_files(self):
        """(path in the archive, attachment) of all files that were received and sent."""
        return [(path, file) for line in self.line_ids for path, file in line._list_files()]
