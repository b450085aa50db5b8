from odoo import fields, models

from ...gateway.inbound import first, referral_of
from ...understanding import advertise


class WhatsappConversation(models.Model):
    """Which advertisement a conversation came from, and what its reader is taken to want."""

    _inherit = "whatsapp.conversation"

    advertisement_id = fields.Many2one(
        "whatsapp.advertisement", index="btree_not_null", ondelete="set null", readonly=True, copy=False
    )
    advertisement_click = fields.Char(
        string="Click", readonly=True, copy=False, help="Meta's name of the click, by which it knows what became of it."
    )
    campaign_id = fields.Many2one(related="advertisement_id.campaign_id", store=True, index="btree_not_null")
    medium_id = fields.Many2one(related="advertisement_id.medium_id", store=True)
    source_id = fields.Many2one(related="advertisement_id.source_id", store=True)

    def _attribute(self, messages):
        """Note which advertisement new messages came from: of several, the first is what brought the customer.

        After a sale that was won or lost, that of the next wish; the lead of the one before keeps its own.

        What it shows is what the customer is taken to want, as long as they have wanted nothing else.
        """
        self.ensure_one()
        clicked = messages.filtered(lambda message: referral_of(message.sudo().parameters or {}))[:1]
        if not clicked:
            return
        parameters = clicked.sudo().parameters
        vocabulary = self.assistant_id._get_vocabulary()
        advertisements = self.env["whatsapp.advertisement"].sudo()
        advertisement = advertisements._get_or_create(parameters, self.company_id, vocabulary)
        state = self._get_state_for_turn()
        if not self.advertisement_id or (state.over and advertisement):
            self.write(
                {
                    "advertisement_id": advertisement.id,
                    "advertisement_click": first(parameters, "ReferralCtwaClid")[:500] or False,
                }
            )
        names = advertisement.interest_ids.filtered("active").mapped("name")
        shown = advertise(state, names, advertisement.display_name, str(clicked.id))
        if shown != state:
            self.with_context(tracking_disable=True).understanding = shown.to_json()
