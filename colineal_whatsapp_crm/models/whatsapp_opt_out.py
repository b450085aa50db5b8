import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..gateway.address import get_candidates
from ..gateway.inbound import opt_out_type, written_at
from ..understanding.consent import (
    CERTAIN,
    LIKELY,
    OPT_IN_PHRASES,
    OPT_OUT_PHRASES,
    YES_PHRASES,
    find_wish,
    is_wish,
    read_phrases,
)

_logger = logging.getLogger(__name__)

#: What the customer is told about their wish goes in spite of it.
_ABOUT_WISH = {"opt_out", "opt_in"}

#: What is to be said whatever else happens in the conversation.
_LASTING = _ABOUT_WISH | {"privacy_notice", "confirm_opt_out"}

#: Messages whose words are the customer's own.
_SAID = ("text", "button")

#: Twilio's codes of who wants no messages. Who has blocked us can lift that, and then write; who is on Twilio's own
#: list cannot. https://www.twilio.com/docs/api/errors
_REASON_OF_CODE = {"21610": "refused", "63014": "blocked"}

#: Why somebody is written to no more, the weakest first: a weaker reason never takes the place of a stronger one. Above
#: all stands what the person said, to us or to Twilio's list.
_BY_STRENGTH = ("blocked", "blacklist", "colleague", "refused", "customer")

#: Reasons that are the person's own, and so count for every channel, and for their number in every company.
_FOR_ALL_CHANNELS = ("customer", "refused", "colleague")

#: What ends which reasons. A sales administrator stands for the customer, who must have said so.
_UNDOES = {
    "customer": _BY_STRENGTH,
    "administrator": _BY_STRENGTH,
    "off_blacklist": ("blacklist",),
    "any_message": ("blocked",),
}


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
        if numbers := contacts._get_all_numbers():
            listed = set(self.env["phone.blacklist"].sudo().search([("number", "in", numbers)]).mapped("number"))
            contacts.filtered(lambda contact: listed & set(contact._get_all_numbers())).sudo()._opt_out("blacklist")
            # In another company, or by another address.
            for known in contacts._get_same_number().filtered(lambda known: known.opt_out_reason in _FOR_ALL_CHANNELS):
                mine = contacts.filtered(lambda contact, known=known: known.phone in contact._get_all_numbers())
                mine.sudo()._note_opt_out(known.opt_out_reason, known.opted_out_at)
        return contacts

    def action_opt_out(self):
        """The customer said elsewhere that they want no messages."""
        self._checked_sudo("write")._opt_out("colleague")

    def action_opt_in(self):
        """The customer said elsewhere that they want messages again."""
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales administrators may write again to who wanted no messages."))
        self._checked_sudo("write")._opt_in("administrator")

    def _opt_out(self, reason, since=None):
        """Send these contacts nothing from here on.

        reason
            one of `opt_out_reason`; it takes the place of a weaker one.
        since
            when the person said so, naive UTC; now by default.
        """
        for_all = reason in _FOR_ALL_CHANNELS
        contacts = (self | self._get_same_number()) if for_all else self
        news = contacts.filtered(lambda contact: not contact.opted_out_at)
        learned = contacts._note_opt_out(reason, since or fields.Datetime.now())
        if for_all and (numbers := learned._get_blacklist_numbers()):
            self.env["phone.blacklist"].sudo()._add(numbers, message=self.env._("Wants no messages on WhatsApp."))
        news.conversation_ids._fall_silent()
        # Why nothing may be written to them, and what would help, is another now.
        (learned - news).conversation_ids.filtered(lambda conversation: conversation.stage != "closed")._tell_channel()

    def _note_opt_out(self, reason, since):
        """Keep a reason where there is no stronger one, nor the same of later. Returns the contacts that have it now."""
        weaker = (False, *_BY_STRENGTH[: _BY_STRENGTH.index(reason)])
        learned = self.filtered(
            lambda contact: (
                contact.opt_out_reason in weaker or (contact.opt_out_reason == reason and contact.opted_out_at < since)
            )
        )
        learned.write({"opted_out_at": since, "opt_out_reason": reason})
        return learned

    def _opt_in(self, event):
        """Write again to those of these contacts whose reason this undoes, see `_UNDOES`. Returns them."""
        contacts = self | self._get_same_number() if event == "customer" else self
        contacts = contacts.filtered(lambda contact: contact.opted_out_at and contact.opt_out_reason in _UNDOES[event])
        contacts.write({"opted_out_at": False, "opt_out_reason": False})
        numbers = contacts._get_all_numbers() if event in ("customer", "administrator") else ()
        if numbers:
            listed = self.env["phone.blacklist"].sudo().search([("number", "in", numbers)]).mapped("number")
            if listed:
                self.env["phone.blacklist"].sudo()._remove(listed, message=self.env._("Wants messages on WhatsApp."))
        contacts.conversation_ids._note_wish(self.env._("The customer may be written to again."))
        return contacts

    def _get_same_number(self):
        """The same people as other companies know them, or by other addresses of the same number."""
        numbers = self._get_all_numbers()
        return self.sudo().search([("phone", "in", numbers), ("id", "not in", self.ids)]) if numbers else self.browse()

    def _get_all_numbers(self):
        """The numbers of these contacts, in each form in which others may have them."""
        return [form for phone in self.mapped("phone") if phone for form in get_candidates(phone)]

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
        forms = [form for number in numbers if number for form in get_candidates(number)]
        contacts = self.env["whatsapp.contact"].sudo().search([("phone", "in", forms)])
        if contacts:
            active = [("number", "in", contacts._get_all_numbers()), ("active", "=", True)]
            listed = set(self.sudo().search(active).mapped("number"))
            still = contacts.filtered(lambda contact: listed & set(contact._get_all_numbers()))
            still._opt_out("blacklist")
            (contacts - still)._opt_in("off_blacklist")


class WhatsappConversation(models.Model):
    """Conversations of who wants no messages: nothing is read, asked or answered."""

    _inherit = "whatsapp.conversation"

    opted_out = fields.Boolean(related="contact_id.opted_out")

    def action_opt_out(self):
        self.contact_id.action_opt_out()

    def action_opt_in(self):
        self.contact_id.action_opt_in()

    def _check_may_write(self):
        if self.contact_id._is_out_of_reach():
            raise UserError(self._get_silence_text())
        result = super()._check_may_write()
        if self.opted_out:
            raise UserError(self._get_silence_text())
        return result

    def _get_silence_text(self):
        """Why nothing may be written, and what can be done about it."""
        if self.contact_id.sudo()._is_out_of_reach():
            return self.env._(
                "The customer wrote an SMS, and this is WhatsApp: nothing that is written here reaches them. Call them, "
                "or wait until they write on WhatsApp."
            )
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
        if contact.opt_out_reason == "blocked" and not all(line._was_written_before(contact) for line in messages):
            contact._opt_in("any_message")
        wishes = messages.browse()
        for message in messages:
            # Twilio's own list knows the wish, and has told the customer so.
            by_twilio = opt_out_type(message.sudo().parameters or {})
            wish = CERTAIN if by_twilio == "STOP" else self._get_wish(message)
            if wish == CERTAIN:
                wishes += message
                # What was written before goes unread, and what waits unsent.
                (messages | self._get_unread()).filtered(lambda line, last=message: line.id <= last.id)._move_to(
                    "handled"
                )
                was_known = contact.opt_out_reason == "customer"
                contact._opt_out("customer", message._get_written_at())
                if not was_known and by_twilio != "STOP":
                    self._tell_of_wish("opt_out")
            elif wish == LIKELY and self._tell_of_wish("confirm_opt_out"):
                wishes += message
                message._move_to("handled")
            elif contact.opted_out and (by_twilio == "START" or self.assistant_id._wants_in(message.body)):
                wishes += message
                message._move_to("handled")
                if not message._was_written_before(contact):
                    contact._opt_in("customer")
                    if not by_twilio:
                        self._tell_of_wish("opt_in")
        return wishes

    def _get_wish(self, message):
        """Whether a message says that the customer wants no more: `CERTAIN`, `LIKELY` enough to ask, or None.

        They are asked once: who then says yes, or says it again, means it. While a person has the conversation, it is
        theirs to see what the customer means.
        """
        if self.assistant_id._wants_out(message.body):
            return CERTAIN
        wish = find_wish(message.body or "") if message.kind in _SAID else None
        if wish == LIKELY or is_wish(message.body or "", read_phrases("\n".join(YES_PHRASES))):
            if "confirm_opt_out" in self._get_last_replies()[-1:].wording_ids.mapped("situation"):
                return CERTAIN
            if self.opted_out or self.stage == "person":
                return None
        return wish

    def _tell_of_wish(self, situation):
        """Say something about the customer's wish. Returns whether there are words for it."""
        _logger.info("%s: %s", self.contact_id, situation)
        values = self._get_placeholder_values()
        wordings = self._choose_wordings([situation], values)
        if wordings:
            self._queue_verbatim(wordings, values)
        return bool(wordings)

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
        self._keep_promises(wordings)
        return lines


class WhatsappConversationMessage(models.Model):
    _inherit = "whatsapp.conversation.message"

    def _was_written_before(self, contact):
        """Whether Twilio dates the message before the contact wanted no more: a webhook that never came may bring it late."""
        self.ensure_one()
        written = written_at(self.sudo().parameters or {})
        return bool(written and contact.opted_out_at and written < contact.opted_out_at)

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
    _writable_fields = {"sales_team.group_sale_manager": {"opt_out_words", "opt_in_words", "gives_notice"}}

    opt_out_words = fields.Text(
        string="Words That End Messages",
        default="\n".join(OPT_OUT_PHRASES),
        help="One phrase a line. A customer whose whole message is one of them, courtesies aside, is written to no "
        "more, and told so once. Sentences that say it plainly are understood as well; a customer who may mean it is "
        "asked once.",
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
    @api.depends_context("allowed_company_ids")
    def _compute_whatsapp_opted_out(self):
        for partner in self:
            contacts = partner.sudo().whatsapp_contact_ids
            partner.whatsapp_opted_out = any(
                contact.opted_out for contact in contacts if contact.company_id in self.env.companies
            )
