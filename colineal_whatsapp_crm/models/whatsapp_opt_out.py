import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..understanding.consent import OPT_IN_PHRASES, OPT_OUT_PHRASES, is_wish, read_phrases

_logger = logging.getLogger(__name__)

#: What the customer is told about their wish goes in spite of it.
_ABOUT_WISH = {"opt_out", "opt_in"}

#: What is to be said whatever else happens in the conversation.
_LASTING = _ABOUT_WISH | {"privacy_notice"}

#: Twilio's codes of who wants no messages. Who has blocked us can lift that, and then write; who is on Twilio's own
#: list cannot. https://www.twilio.com/docs/api/errors
_REASON_OF_CODE = {"21610": "refused", "63014": "blocked"}

#: Reasons that are the person's own, and so count for every channel.
_FOR_ALL_CHANNELS = ("customer", "refused", "colleague")


class WhatsappContact(models.Model):
    """Who wants no messages. The phone blacklist is where other parts of Odoo learn of it, and tell us."""

    _inherit = "whatsapp.contact"

    opted_out_at = fields.Datetime(string="Wants No Messages Since", readonly=True, copy=False)
    opted_out = fields.Boolean(string="Wants No Messages", compute="_compute_opted_out", store=True)
    opt_out_reason = fields.Selection(
        [
            ("customer", "The customer said so"),
            ("colleague", "A colleague noted it"),
            ("blacklist", "The number is on the phone blacklist"),
            ("refused", "Unsubscribed at Twilio"),
            ("blocked", "The customer has blocked us"),
        ],
        string="Known From",
        readonly=True,
        copy=False,
    )
    informed_at = fields.Datetime(
        string="Told of the Privacy Notice On", readonly=True, copy=False, help="When it was said in an answer."
    )

    @api.depends("opted_out_at")
    def _compute_opted_out(self):
        for contact in self:
            contact.opted_out = bool(contact.opted_out_at)

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        phones = [phone for phone in contacts.mapped("phone") if phone]
        if phones:
            listed = self.env["phone.blacklist"].sudo().search([("number", "in", phones)]).mapped("number")
            contacts.filtered(lambda contact: contact.phone in listed).sudo()._opt_out("blacklist")
        return contacts

    def write(self, vals):
        if not self.env.su and {"opted_out_at", "opted_out", "opt_out_reason"} & vals.keys():
            raise AccessError(self.env._("Whether a customer wants messages is changed by its buttons only."))
        return super().write(vals)

    def action_opt_out(self):
        """The customer said elsewhere that they want no messages."""
        self.check_access("write")
        self.sudo()._opt_out("colleague")

    def action_opt_in(self):
        """The customer said elsewhere that they want messages again."""
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales administrators may write again to who wanted no messages."))
        self.check_access("write")
        self.sudo()._opt_in()

    def _opt_out(self, reason):
        """Send these contacts nothing from here on. Returns those of whom that is news."""
        contacts = self.filtered(lambda contact: not contact.opted_out_at)
        contacts.write({"opted_out_at": fields.Datetime.now(), "opt_out_reason": reason})
        if reason in _FOR_ALL_CHANNELS and (numbers := contacts._get_blacklist_numbers()):
            self.env["phone.blacklist"].sudo()._add(numbers, message=self.env._("Wants no messages on WhatsApp."))
        contacts.conversation_ids._fall_silent()
        return contacts

    def _opt_in(self):
        """Write again to these contacts. Returns those of whom that is news."""
        contacts = self.filtered("opted_out_at")
        contacts.write({"opted_out_at": False, "opt_out_reason": False})
        if numbers := contacts._get_blacklist_numbers():
            listed = self.env["phone.blacklist"].sudo().search([("number", "in", numbers)]).mapped("number")
            if listed:
                self.env["phone.blacklist"].sudo()._remove(listed, message=self.env._("Wants messages on WhatsApp."))
        contacts.conversation_ids._note_wish(self.env._("The customer may be written to again."))
        return contacts

    def _get_blacklist_numbers(self):
        """The numbers of these contacts that Odoo's blacklist takes."""
        phone_format = self.env.user._phone_format
        return [phone for phone in self.mapped("phone") if phone and phone_format(number=phone) == phone]


class PhoneBlacklist(models.Model):
    """A number that somebody puts on the blacklist, or takes off, is one on WhatsApp as well."""

    _inherit = "phone.blacklist"

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        self._tell_whatsapp(entries.mapped("number"))
        return entries

    def write(self, vals):
        numbers = self.mapped("number")
        result = super().write(vals)
        if {"active", "number"} & vals.keys():
            self._tell_whatsapp([*numbers, *self.mapped("number")])
        return result

    def unlink(self):
        numbers = self.mapped("number")
        result = super().unlink()
        self._tell_whatsapp(numbers)
        return result

    @api.model
    def _tell_whatsapp(self, numbers):
        contacts = self.env["whatsapp.contact"].sudo().search([("phone", "in", numbers)])
        if contacts:
            active = [("number", "in", numbers), ("active", "=", True)]
            listed = set(self.sudo().search(active).mapped("number"))
            contacts.filtered(lambda contact: contact.phone in listed)._opt_out("blacklist")
            contacts.filtered(
                lambda contact: contact.phone not in listed and contact.opt_out_reason != "blocked"
            )._opt_in()


class WhatsappConversation(models.Model):
    """Conversations of who wants no messages: nothing is read, asked or answered."""

    _inherit = "whatsapp.conversation"

    opted_out = fields.Boolean(related="contact_id.opted_out")

    def action_opt_out(self):
        self.contact_id.action_opt_out()

    def action_opt_in(self):
        self.contact_id.action_opt_in()

    def _check_may_write(self):
        result = super()._check_may_write()
        if self.opted_out:
            raise UserError(self._get_silence_text())
        return result

    def _get_silence_text(self):
        """Why nothing may be written, and what can be done about it."""
        if self.contact_id.sudo().opt_out_reason == "blocked":
            return self.env._("The customer has blocked us on WhatsApp. Nothing is sent until they write again.")
        return self.env._(
            "The customer does not want messages. Nothing is sent until they write ALTA or START, or a sales "
            "administrator allows messages again on their WhatsApp contact."
        )

    def _note_arrival(self, messages, now):
        wishes = self._follow_wishes(messages)
        result = super()._note_arrival(messages, now)
        if wishes or self.opted_out:
            if self.opted_out:
                self._get_unread()._move_to("handled")
            if not self._get_unread():
                self.write({"due_at": False, "waiting_since": False})
        return result

    def _follow_wishes(self, messages):
        """Do what customers say about being written to. Returns the messages that say it, which are no turn."""
        contact = self.contact_id
        if contact.opt_out_reason == "blocked":
            contact._opt_in()
        wishes = messages.browse()
        for message in messages:
            if self.assistant_id._wants_out(message.body):
                wishes += message
                # What was written before goes unread, and what waits unsent.
                (messages | self._get_unread()).filtered(lambda line, last=message: line.id <= last.id)._move_to(
                    "handled"
                )
                if contact._opt_out("customer"):
                    self._tell_of_wish("opt_out")
            elif contact.opted_out and self.assistant_id._wants_in(message.body):
                wishes += message
                message._move_to("handled")
                contact._opt_in()
                self._tell_of_wish("opt_in")
        return wishes

    def _tell_of_wish(self, situation):
        _logger.info("%s: %s", self.contact_id, situation)
        values = self._get_placeholder_values()
        wordings = self._choose_wordings([situation], values)
        if wordings:
            self._queue_verbatim(wordings, values)

    def _fall_silent(self):
        """Take back what waits to be sent, and call nobody to answer."""
        open_ones = self.filtered(lambda conversation: conversation.stage != "closed")
        waiting = [("conversation_id", "in", self.ids), ("state", "in", ("drafting", "queued"))]
        text = self.env._("The customer does not want messages.")
        self.env["whatsapp.conversation.message"].search(waiting)._move_to("dropped", error=text)
        for conversation in open_ones:
            conversation._stop_waiting(text)
        open_ones.waiting_since = False
        self._note_wish(text)

    def _note_wish(self, text):
        for conversation in self.filtered(lambda conversation: conversation.stage != "closed"):
            if conversation.channel_id:
                conversation._note(text)
            else:
                conversation._message_log(body=text)
            conversation._tell_channel()
            conversation._note_change()

    def _hand_over(self, reason, by_colleague=False):
        if not self.opted_out or by_colleague:
            return super()._hand_over(reason, by_colleague)
        # Nobody may answer.
        return self._silence_for(reason)

    def _get_next_step(self):
        if self.opted_out:
            return self.env._("Nothing: the customer does not want messages.")
        return super()._get_next_step()

    # What is said about it

    def _queue(self, body, wordings=None):
        if self.opted_out and not self.env.context.get("whatsapp_wish"):
            return self.env["whatsapp.conversation.message"]
        lines = super()._queue(body, wordings)
        if wordings and self.assistant_id.gives_notice and not self.contact_id.informed_at:
            self._give_notice()
        return lines

    def _give_notice(self):
        """Say the privacy notice, in its own words and apart from the answer that it follows."""
        values = self._get_placeholder_values()
        if notice := self._choose_wordings(["privacy_notice"], values):
            self._queue_verbatim(notice, values)
            self.contact_id.informed_at = fields.Datetime.now()

    def _queue_verbatim(self, wordings, values):
        """Queue a text that no model may word, and that answers no turn."""
        lines = self.with_context(whatsapp_wish=True)._queue(wordings._render(values))
        lines.write({"wording_ids": wordings, "classification_id": False})
        return lines


class WhatsappConversationMessage(models.Model):
    _inherit = "whatsapp.conversation.message"

    def _is_unwanted(self):
        """Whether it must not go because the customer wants no messages."""
        self.ensure_one()
        return self.conversation_id.opted_out and not self._says_any_of(_ABOUT_WISH)

    def _says_any_of(self, situations):
        return not situations.isdisjoint(self.wording_ids.mapped("situation"))

    def _is_stale(self):
        return super()._is_stale() and not self._says_any_of(_LASTING)

    def _move_to(self, state, **values):
        moved = super()._move_to(state, **values)
        if moved and state in ("failed", "dropped"):
            notices = self.filtered(lambda line: line._says_any_of({"privacy_notice"}))
            notices.conversation_id.contact_id.informed_at = False
        if moved and state == "failed":
            for code, reason in _REASON_OF_CODE.items():
                refused = self.filtered(lambda line, code=code: line.state == "failed" and line.error_code == code)
                refused.conversation_id.contact_id._opt_out(reason)
        return moved


class WhatsappAssistant(models.Model):
    _inherit = "whatsapp.assistant"

    opt_out_words = fields.Text(
        string="Words That End Messages",
        default="\n".join(OPT_OUT_PHRASES),
        help="One phrase a line. A customer whose whole message is one of them, courtesies aside, is written to no "
        "more, and told so once.",
    )
    opt_in_words = fields.Text(
        string="Words That Allow Messages Again",
        default="\n".join(OPT_IN_PHRASES),
        help="One phrase a line; heard only from customers who wanted no more messages.",
    )
    gives_notice = fields.Boolean(
        string="Say the Privacy Notice",
        help="Once to each customer, after the first answer. Its text is among the wordings.",
    )

    def _wants_out(self, text):
        return is_wish(text or "", read_phrases(self.opt_out_words or ""))

    def _wants_in(self, text):
        return is_wish(text or "", read_phrases(self.opt_in_words or ""))


class ResPartner(models.Model):
    _inherit = "res.partner"

    whatsapp_opted_out = fields.Boolean(
        string="Wants No WhatsApp Messages",
        compute="_compute_whatsapp_opted_out",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends("whatsapp_contact_ids.opted_out")
    def _compute_whatsapp_opted_out(self):
        for partner in self:
            partner.whatsapp_opted_out = any(partner.sudo().whatsapp_contact_ids.mapped("opted_out"))
