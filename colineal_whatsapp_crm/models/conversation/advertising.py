from odoo import fields, models

from ...gateway.inbound import first, identify_referral, referral_of
from ...lib.guard import guard
from ...understanding import advertise


class WhatsappConversation(models.Model):
    """Which advertisement a conversation came from, and what its reader is taken to want."""

    _inherit = "whatsapp.conversation"

    advertisement_id = fields.Many2one(
        "whatsapp.advertisement",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        help="The first that the customer tapped in this conversation: source, medium and campaign are its. Others that "
        "they tap later are noted, and say what they want now; after a sale that is won or lost, the next counts.",
    )
    advertisement_click = fields.Char(
        string="Click", readonly=True, copy=False, help="Meta's name of the click, by which it knows what became of it."
    )
    campaign_id = fields.Many2one(related="advertisement_id.campaign_id", store=True, index="btree_not_null")
    medium_id = fields.Many2one(related="advertisement_id.medium_id", store=True)
    source_id = fields.Many2one(related="advertisement_id.source_id", store=True)

    def _attribute(self, messages):
        """Note which advertisements new messages came from: of several, the first is what brought the customer.

        After a sale that was won or lost, that of the next wish; the lead of the one before keeps its own. Of others
        colleagues are told.

        What the last one shows is what the customer is taken to want, as long as they have wanted nothing else.
        """
        self.ensure_one()
        for message in messages.filtered(lambda message: referral_of(message.sudo().parameters or {})):
            self._attribute_click(message)

    def _attribute_click(self, clicked):
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
        elif advertisement and advertisement != self.advertisement_id and not self._was_clicked_before(clicked):
            conversation = self._with_its_company()
            guard(conversation, "thread", conversation._note_other_advertisement, advertisement)
        names = advertisement.interest_ids.filtered("active").mapped("name")
        shown = advertise(state, names, advertisement.display_name, str(clicked.id))
        if shown != state:
            self.with_context(tracking_disable=True).understanding = shown.to_json()

    def _was_clicked_before(self, clicked):
        """Whether the customer tapped the same advertisement in an earlier message of this conversation."""
        told = identify_referral(clicked.sudo().parameters)
        earlier = self.line_ids.filtered(lambda line: line.direction == "inbound" and line.id < clicked.id).sudo()
        return any(identify_referral(line.parameters or {}) == told for line in earlier)

    def _note_other_advertisement(self, advertisement):
        """Who looks after the customer sees what else brought them; reports count where they first came from."""
        first_one = self.advertisement_id.sudo()
        note = self.env._(
            "The customer came by another advertisement as well: %(other)s (campaign %(campaign)s). They are counted by the "
            "first: %(first)s (campaign %(first_campaign)s).",
            other=advertisement.display_name,
            campaign=advertisement.campaign_id.name or "–",
            first=first_one.display_name,
            first_campaign=first_one.campaign_id.name or "–",
        )
        self._log_internal_note(note)
        if self.lead_id and self._is_open(self.lead_id):
            self.lead_id.message_post(body=note, subtype_xmlid="mail.mt_note")
