import base64
from hashlib import sha256

from odoo import api, fields, models
from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import AccessError, UserError

from ..clock import utcnow

#: Odoo Enterprise's own app has the type `whatsapp`.
WHATSAPP = "whatsapp_crm"


def is_whatsapp(channel):
    return channel.channel_type == WHATSAPP


class DiscussChannel(models.Model):
    """The visible thread of a customer with a sender: one for all their conversations.

    The ledger is the truth of what was received and sent; this is where people read it, and write. Who may see the
    conversation may see its thread; members are those who take part.
    """

    _name = "discuss.channel"
    _inherit = ["discuss.channel", "whatsapp.access.mixin"]

    channel_type = fields.Selection(selection_add=[(WHATSAPP, "WhatsApp")], ondelete={WHATSAPP: "cascade"})
    whatsapp_contact_id = fields.Many2one("whatsapp.contact", index="btree_not_null", ondelete="cascade")
    whatsapp_sender_id = fields.Many2one("whatsapp.sender", ondelete="cascade")
    whatsapp_conversation_id = fields.Many2one(
        "whatsapp.conversation", string="WhatsApp Conversation", ondelete="set null", help="The last one."
    )

    _whatsapp_uniq = models.UniqueIndex(
        "(whatsapp_contact_id, whatsapp_sender_id) WHERE whatsapp_contact_id IS NOT NULL",
        "This customer already has a thread with this sender.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Threads of customers are made by the addon: another's would take in what a customer writes."""
        channels = super().create(vals_list)
        if not self.env.su and any(map(is_whatsapp, channels)):
            raise AccessError(self.env._("WhatsApp threads are made when a customer writes."))
        return channels

    def _types_allowing_unfollow(self):
        return [*super()._types_allowing_unfollow(), WHATSAPP]

    @api.depends("channel_type")
    def _compute_is_editable(self):
        """Its name is the customer's, whoever may change channels."""
        result = super()._compute_is_editable()
        self.filtered(is_whatsapp).is_editable = False
        return result

    def _find_or_create_persona_for_channel(self, *args, **kwargs):
        """Nobody comes in by a link: it would show what the customer writes to whoever has it."""
        if is_whatsapp(self) and not self.with_env(self.env(su=False)).is_member:
            raise UserError(self.env._("WhatsApp threads cannot be joined by a link."))
        return super()._find_or_create_persona_for_channel(*args, **kwargs)

    def _generate_avatar(self):
        """The customer's photo, or the first letter of their name."""
        if not is_whatsapp(self):
            return super()._generate_avatar()
        partner = self.whatsapp_contact_id.sudo().partner_id
        if partner.image_128:
            return partner.image_128
        guest = self.env["mail.guest"].new({"name": self.name})
        return (
            guest._avatar_generate_svg()
            if self.name[0].isalpha()
            else base64.b64encode(guest._avatar_get_placeholder())
        )

    def _sync_field_names(self):
        result = super()._sync_field_names()
        result[None] += self._get_whatsapp_store_fields()
        return result

    def _to_store_defaults(self, target):
        return super()._to_store_defaults(target) + self._get_whatsapp_store_fields()

    def _get_whatsapp_store_fields(self):
        return [Store.Attr("whatsapp", lambda channel: channel._get_whatsapp_state(), predicate=is_whatsapp, sudo=True)]

    def _get_whatsapp_state(self):
        """What the thread shows of its conversation."""
        conversation = self.whatsapp_conversation_id
        until = conversation._get_window_end()
        return {
            "conversation_id": conversation.id,
            "stage": conversation.stage,
            "quality": conversation.quality,
            "window_until": until and fields.Datetime.to_string(until),
            "simulated": self.whatsapp_sender_id.mode == "simulation",
            "silence": (conversation.opted_out or self.whatsapp_contact_id._is_out_of_reach())
            and conversation._get_silence_text(),
            "avatar_key": self._get_whatsapp_avatar_key(),
        }

    def _get_whatsapp_avatar_key(self):
        """Another one when name or photo changed, so that browsers keep the avatar until then."""
        changed = self.whatsapp_contact_id.partner_id.write_date
        return sha256(f"{self.name}{changed}".encode()).hexdigest()[:12]

    def message_post(self, *, message_type="notification", **kwargs):
        """What a colleague writes in the thread goes to the customer, and the assistant falls silent."""
        if is_whatsapp(self) and not self.env.su:
            self.whatsapp_conversation_id.check_access("write")
        if not is_whatsapp(self) or message_type != "comment":
            return super().message_post(message_type=message_type, **kwargs)
        conversation = self._get_whatsapp_conversation()
        conversation._check_may_write()
        message = super().message_post(message_type=message_type, **kwargs)
        conversation._send_by_person(message)
        return message

    def _check_can_update_message_content(self, message):
        if is_whatsapp(self) and message.sudo().whatsapp_line_ids:
            raise UserError(self.env._("The customer has this message already: it cannot be changed any more."))
        return super()._check_can_update_message_content(message)

    def _get_whatsapp_conversation(self):
        """The open conversation of this thread; a new one after the last was closed."""
        self.ensure_one()
        conversation = self.whatsapp_conversation_id
        if conversation.stage == "closed":
            last_inbound_at = conversation.last_inbound_at
            conversation = conversation.sudo()._get_or_open(self.whatsapp_contact_id, self.whatsapp_sender_id, utcnow())
            conversation.last_inbound_at = conversation.last_inbound_at or last_inbound_at
        return conversation

    # Commands of the composer

    def execute_command_update_lead(self, **_kwargs):
        """/lead: make the lead of what is known now, or bring it up to date."""
        conversation = self.whatsapp_conversation_id._checked_sudo("write")
        conversation._with_its_company().with_context(whatsapp_lead_wanted=True).create_or_update_lead()
        link = conversation.lead_id._get_html_link()
        self.env.user._bus_send_transient_message(self, self.env._("The lead is up to date: %s", link))

    def execute_command_assistant(self, **_kwargs):
        """/assistant: give the conversation back to the assistant."""
        self.whatsapp_conversation_id.action_hand_back()

    def execute_command_support(self, **_kwargs):
        """/support: this is about after-sales; a person looks after it."""
        self.whatsapp_conversation_id._checked_sudo("write")._hand_over("support", by_colleague=True)


class MailMessage(models.Model):
    """A message of a WhatsApp thread knows its row in the ledger."""

    _name = "mail.message"
    _inherit = ["mail.message", "whatsapp.access.mixin"]

    whatsapp_line_ids = fields.One2many("whatsapp.conversation.message", "mail_message_id")

    def _to_store_defaults(self, target):
        return [*super()._to_store_defaults(target), self._get_whatsapp_store_field()]

    def _get_whatsapp_file_fields(self):
        """What screens must know when files come after their message."""
        files = Store.Many("attachment_ids", sort="id", sudo=True)
        return [files, self._get_whatsapp_store_field()]

    def _get_whatsapp_store_field(self):
        return Store.Attr(
            "whatsapp",
            lambda message: message.whatsapp_line_ids._get_least_settled()._get_shown(),
            predicate=lambda message: message.channel_id and is_whatsapp(message.channel_id),
            sudo=True,
        )
