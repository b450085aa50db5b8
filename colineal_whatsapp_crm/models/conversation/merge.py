from dataclasses import replace
from datetime import datetime

from odoo import fields, models

from ..message.base import UNSENT

#: What is given to the customer's own time line: of the earliest, or the latest.
_EARLIEST, _LATEST = ("waiting_since",), ("last_message_at", "last_inbound_at")


class WhatsappConversation(models.Model):
    """Two open conversations with one sender whose customers turn out to be one: see `whatsapp.contact._merge`."""

    _inherit = "whatsapp.conversation"

    def _choose_open(self):
        """(The one of two that goes on, the one that ends): a person's before the assistant's, then one with a lead."""
        stays = self.sorted(
            lambda each: (
                each.stage in ("person", "support"),
                bool(each.lead_id),
                each.last_message_at or datetime.min,
                -each.id,
            )
        )[-1:]
        return stays, self - stays

    def _continue_other(self, other):
        """What is open in another conversation goes on in this one. What was said there, and its lead, stay there.

        A turn of the other that is under way comes to nothing: what it reads is read again here.
        """
        lines = other.line_ids.filtered(lambda line: line.state in ("received", "drafting", *UNSENT))
        lines.write({"conversation_id": self.id})
        state, theirs = self._get_state(), other._get_state()
        known = replace(
            state,
            slots={**theirs.slots, **state.slots},
            language=state.language or theirs.language,
            lead=state.lead or theirs.lead,
        )
        values = {
            "understanding": known.to_json(),
            "product_words": {**(other.product_words or {}), **(self.product_words or {})} or False,
            "user_id": (self.user_id or other.user_id).id,
            "lead_id": (self.lead_id or other.lead_id).id,
        }
        if not self.advertisement_id:
            values.update(advertisement_id=other.advertisement_id.id, advertisement_click=other.advertisement_click)
        if other.ticket_ref and not self.ticket_ref:
            values["ticket_ref"] = other.ticket_ref
            other.ticket_ref = False
        for names, choose in ((_EARLIEST, min), (_LATEST, max)):
            for name in names:
                values[name] = choose(filter(None, (self[name], other[name])), default=False)
        if lines.filtered(lambda line: line.state == "received"):
            values["due_at"] = fields.Datetime.now()
        self.with_context(tracking_disable=True).write(values)
        if self.stage not in ("person", "support"):
            self.stage = self._get_stage_without_person()
        self._continue_handover(other)
        other.with_context(tracking_disable=True).write({"stage": "closed", "due_at": False, "leased_until": False})
        other._on_closed()
        (self | other)._recount()
        if self.classification_id:
            self._judge()
        self._publish_state()

    def _continue_handover(self, other):
        """Who is waited for there is waited for here, unless somebody is already."""
        handover = other.handover_id
        if not handover or self.handover_id:
            return
        if (activity := handover.activity_id) and activity.res_model == self._name:
            activity.write({"res_id": self.id})
        other.handover_id = False
        handover.conversation_id = self
        self.handover_id = handover
        if other.stage in ("person", "support") and self.stage not in ("person", "support"):
            self.stage = other.stage
