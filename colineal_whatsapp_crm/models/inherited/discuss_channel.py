import base64
from hashlib import sha256

from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import AccessError, UserError

from ...lib.clock import utcnow
from ...lib.languages import in_each_language
from ...understanding.providers import RULES

#: Odoo Enterprise's own app has the type `whatsapp`.
WHATSAPP = "whatsapp_crm"

#: Arguments of `message_post` that say who wrote when, or take what belongs to another message.
_NOT_SAID_BY_CALLERS = {
    "author_id",
    "author_guest_id",
    "email_from",
    "reply_to",
    "date",
    "create_date",
    "message_id",
    "tracking_value_ids",
}

_POSTED_TYPES = ("comment", "notification", "auto_comment")


def is_whatsapp(channel):
    return channel.channel_type == WHATSAPP


class DiscussChannel(models.Model):
    """The visible thread of a customer with a sender: one for all their conversations.

    The ledger is the truth of what was received and sent; this is where people read it, and write. Who may see the
    conversation may see its thread; members are those who take part. A member whose rights end sees it no more: a rule
    for everybody leaves it out of their Discuss. By RPC nobody changes the thread itself, its name or its messages.
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

    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        """Who may not see a thread does not learn whose it is: Odoo names what a message is about to all who have it."""
        result = super()._compute_display_name()
        if self.env.uid == SUPERUSER_ID:
            return result
        for channel in self.sudo().filtered(is_whatsapp):
            context = {"allowed_company_ids": channel._get_whatsapp_companies().ids}
            if not channel.with_env(self.env(su=False)).with_context(**context).has_access("read"):
                channel.with_env(self.env).display_name = self.env._("WhatsApp conversation")
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
        # `Store.Attr` has no superuser for what a function returns.
        return [Store.Attr("whatsapp", lambda channel: channel.sudo()._get_whatsapp_state(), predicate=is_whatsapp)]

    def _get_whatsapp_state(self):
        """What the thread shows of its conversation."""
        conversation = self.whatsapp_conversation_id
        until = conversation._get_window_end()
        return {
            "company_id": self.whatsapp_sender_id.company_id.id,
            "conversation_id": conversation.id,
            "stage": conversation.stage,
            "quality": conversation.quality,
            "window_until": until and fields.Datetime.to_string(until),
            "sender": self.whatsapp_sender_id._get_label(),
            "simulated": self.whatsapp_sender_id.mode == "simulation",
            "silence": (conversation.opted_out or self.whatsapp_contact_id._is_out_of_reach())
            and in_each_language(conversation, lambda each: each._get_silence_text()),
            "avatar_key": self._get_whatsapp_avatar_key(),
            "advertisement": conversation.advertisement_id._get_shown(),
            "translates": conversation.assistant_id.provider != RULES,
        }

    def _get_whatsapp_avatar_key(self):
        """Another one when name or photo changed, so that browsers keep the avatar until then."""
        changed = self.whatsapp_contact_id.partner_id.write_date
        return sha256(f"{self.name}{changed}".encode()).hexdigest()[:12]

    # Writing

    def message_post(self, *, message_type="notification", **kwargs):
        """What a colleague writes to the customer goes to them, and the assistant falls silent. All else stays here.

        It is to the customer when a person posts it as a comment of Discuss, to nobody else. Notes, mentions, and what
        automations and scheduled messages post, are for colleagues; so is what Odoo itself tells in the thread.
        """
        if not is_whatsapp(self):
            return super().message_post(message_type=message_type, **kwargs)
        # Odoo posts in people's name that they joined or left; who has no right to write may do that.
        if not self.env.su or message_type == "comment":
            self._check_whatsapp_writer()
        if not self.env.su:
            # Nobody writes in another's name or at another time, or sends a file that they may not read.
            kwargs = {name: value for name, value in kwargs.items() if name not in _NOT_SAID_BY_CALLERS}
            message_type = message_type if message_type in _POSTED_TYPES else "notification"
            self.env["ir.attachment"].browse(kwargs.get("attachment_ids") or ()).check_access("read")
        channel = self.sudo()
        if message_type != "comment":
            return super(DiscussChannel, channel).message_post(message_type=message_type, **kwargs).with_env(self.env)
        if not self._is_for_customer(**kwargs):
            kwargs.update(subtype_xmlid="mail.mt_note", subtype_id=False)
            return super(DiscussChannel, channel).message_post(message_type=message_type, **kwargs).with_env(self.env)
        channel = channel.with_context(allowed_company_ids=self._get_whatsapp_companies().ids)
        conversation = channel._get_whatsapp_conversation()
        conversation._check_may_write()
        conversation._check_filled(kwargs.get("body"))
        message = super(DiscussChannel, channel).message_post(message_type=message_type, **kwargs)
        conversation._send_by_person(message)
        return message.with_env(self.env)

    def _is_for_customer(self, subtype_xmlid=None, subtype_id=False, partner_ids=(), special_mentions=(), **kwargs):
        """Whether a comment with these arguments of `message_post` is one to the customer."""
        comment = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        if subtype_xmlid:
            subtype_id = self.env["ir.model.data"]._xmlid_to_res_id(subtype_xmlid)
        is_person = self.env.uid != SUPERUSER_ID and self.env.user._is_internal()
        is_inside = partner_ids or special_mentions or kwargs.get("is_internal") or kwargs.get("outgoing_email_to")
        return is_person and subtype_id == comment and not is_inside

    def _get_whatsapp_companies(self):
        """The companies of the reader, the thread's first: Discuss shows threads of all of them, ticked or not."""
        company = self.sudo().whatsapp_sender_id.company_id
        return (company & self.env.user.company_ids) | self.env.user.company_ids

    def _get_as_whatsapp_writer(self):
        """The conversation with the reader's own rights, in all their companies."""
        context = {**self.env.context, "allowed_company_ids": self._get_whatsapp_companies().ids}
        return self.sudo().whatsapp_conversation_id.with_env(self.env(su=False, context=context))

    def _may_write_whatsapp(self):
        """Whether the reader, by their own rights, may write in this thread."""
        conversation = self._get_as_whatsapp_writer()
        return bool(conversation) and conversation.has_access("write")

    def _check_whatsapp_writer(self):
        if self.env.uid != SUPERUSER_ID and not self._may_write_whatsapp():
            raise AccessError(self.env._("You may not write in this WhatsApp conversation."))

    @api.model
    def _get_allowed_message_params(self):
        """What is written in a thread is a comment: a browser does not say that it is something else."""
        params = super()._get_allowed_message_params()
        return params - {"message_type"} if any(map(is_whatsapp, self.sudo())) else params

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """In a thread only who may write to the customer posts, uploads and reacts; nobody changes or deletes."""
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if message_operation != "read":
            for channel in self.filtered(lambda channel: is_whatsapp(channel.sudo())):
                may = message_operation == "create" and channel._may_write_whatsapp()
                operations[channel] = "read" if may else None
        return operations

    def _mail_group_by_operation_for_mail_message_operation(self, message_operation):
        groups = super()._mail_group_by_operation_for_mail_message_operation(message_operation)
        groups.pop(None, None)
        return groups

    def set_message_pin(self, message_id, pinned):
        if is_whatsapp(self):
            self._check_whatsapp_writer()
        return super().set_message_pin(message_id, pinned)

    def _check_can_update_message_content(self, message):
        if is_whatsapp(self.sudo()) and message.sudo().whatsapp_line_ids:
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

    def _absorb_whatsapp(self, other):
        """Another thread of the same customer and sender comes into this one: its messages, files and members."""
        moved = {"res_id": self.id}
        for model in ("mail.message", "ir.attachment"):
            name = "model" if model == "mail.message" else "res_model"
            place = [(name, "=", self._name), ("res_id", "=", other.id)]
            self.env[model].sudo().search(place).write(moved)
        # Odoo lets nobody move what is planned, and deletes it with the thread.
        self.env["mail.scheduled.message"].flush_model()
        self.env.cr.execute(
            "UPDATE mail_scheduled_message SET res_id = %s WHERE model = %s AND res_id = %s",
            [self.id, self._name, other.id],
        )
        self.env["mail.scheduled.message"].invalidate_model(["res_id"])
        partners = other.channel_member_ids.partner_id - self.channel_member_ids.partner_id
        if partners:
            self._add_members(partners=partners, post_joined_message=False)
        self._come_back()
        other.unlink()

    def _show_typing_to_customer(self):
        """Who may write to the customer has begun to."""
        for channel in self.filtered(lambda channel: is_whatsapp(channel) and channel._may_write_whatsapp()):
            channel.sudo().whatsapp_conversation_id._show_typing()

    # Members

    def _may_see_whatsapp(self, partner):
        """Whether a partner is a colleague who may see this thread, once they are one of its members."""
        company = self.sudo().whatsapp_sender_id.company_id
        return any(user._may_see_whatsapp(company) for user in partner.sudo().with_context(active_test=False).user_ids)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Who may not see the thread any more is not told of it, by push or otherwise."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if not is_whatsapp(self):
            return recipients
        partner = self.env["res.partner"].browse
        return [each for each in recipients if self._may_see_whatsapp(partner(each["id"]))]

    # Commands of the composer

    def execute_command_update_lead(self, **_kwargs):
        """/lead: make the lead of what is known now, or bring it up to date."""
        conversation = self._get_as_whatsapp_writer()._checked_sudo("write")
        conversation._with_its_company().create_or_update_lead()
        link = conversation.lead_id._get_html_link()
        self.env.user._bus_send_transient_message(self, self.env._("The lead is up to date: %s", link))

    def execute_command_assistant(self, **_kwargs):
        """/assistant: give the conversation back to the assistant."""
        self._get_as_whatsapp_writer().action_hand_back()

    def execute_command_support(self, **_kwargs):
        """/support: this is about after-sales; a person looks after it."""
        self._get_as_whatsapp_writer()._checked_sudo("write")._hand_over("support", by_colleague=True)

    def _come_back(self):
        """A thread that somebody archived is there again as soon as something happens in it."""
        for channel in self.filtered(lambda channel: not channel.active):
            channel.active = True

    def _announce(self, messages):
        """Show messages on open screens, and notify the members; nobody is a member while the assistant is alone."""
        self.ensure_one()
        for message in messages:
            if self.channel_member_ids:
                self._notify_thread(message)
            else:
                data = Store(bus_channel=self).add(message).get_result()
                self._bus_send("discuss.channel/new_message", {"data": data, "id": self.id})
