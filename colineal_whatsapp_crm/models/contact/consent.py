from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...gateway.address import get_candidates
from ...gateway.failure_text import mark as _lt

#: Why somebody is written to no more, the weakest first: a weaker reason never takes the place of a stronger one. Above
#: all stands what the person said, to us or to Twilio's list.
_BY_STRENGTH = ("blocked", "blacklist", "colleague", "refused", "customer")

#: So many of the last messages are looked through for a wish. Who wrote more since goes without, and may say it again.
_MOST_WORDS = 200

#: Reasons that are the person's own, and so count for every channel, and for their number in every company.
FOR_ALL_CHANNELS = ("customer", "refused", "colleague")

#: What ends which reasons. A sales administrator stands for the customer, who must have said so.
_UNDOES = {
    "customer": _BY_STRENGTH,
    "administrator": _BY_STRENGTH,
    "off_blacklist": ("blacklist",),
    "any_message": ("blocked",),
}


class WhatsappContact(models.Model):
    """Who wants no messages. The phone blacklist is where other parts of Odoo learn of it, and tell us.

    Not by `mail.thread.phone`, which was tried: it knows one number of a record and whether that is listed, while here
    any address counts, what was told, who has no number at all, and why. It would be a second truth, at one statement
    more for a new contact (5 for 4), four for a new number (6 for 2) and two for a new customer's first message (31 for
    29), a note for each contact, two more indexes on numbers, and a thread with 16 more fields that nobody reads.
    """

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
    opt_out_line_id = fields.Many2one(
        "whatsapp.conversation.message",
        string="Said In",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="The message that says so, where one does.",
    )
    opt_out_quote = fields.Text(string="In Their Words", compute="_compute_opt_out_quote")
    informed_at = fields.Datetime(
        string="Told of the Privacy Notice On", readonly=True, copy=False, help="When it was said in an answer."
    )

    @api.depends("opted_out_at")
    def _compute_opted_out(self):
        for contact in self:
            contact.opted_out = bool(contact.opted_out_at)

    @api.depends("opt_out_line_id")
    @api.depends_context("uid")
    def _compute_opt_out_quote(self):
        for contact in self:
            line = contact.opt_out_line_id._filtered_access("read")
            contact.opt_out_quote = line._get_words() if line else False

    def _apply_known_opt_outs(self):
        """New contacts whose number is on the blacklist, or known to want no messages, are written to no more."""
        if numbers := self._get_all_numbers():
            listed = set(self.env["phone.blacklist"].sudo().search([("number", "in", numbers)]).mapped("number"))
            self.filtered(lambda contact: listed & set(contact._get_all_numbers())).sudo()._opt_out("blacklist")
            # In another company, or by another address.
            for known in self._get_same_number().filtered(lambda known: known.opt_out_reason in FOR_ALL_CHANNELS):
                mine = self.filtered(lambda contact, known=known: known.phone in contact._get_all_numbers())
                mine.sudo()._record_opt_out(known.opt_out_reason, known.opted_out_at)

    def _carry_opt_out(self):
        """Whose number is known now is, by it, who wants no messages by any channel, or is found on the blacklist."""
        self.ensure_one()
        if self.opt_out_reason in FOR_ALL_CHANNELS:
            reason, since = self.opt_out_reason, self.opted_out_at
            news = self._get_same_number().filtered(lambda contact: not contact.opted_out_at)
            news._record_opt_out(reason, since)
            news.conversation_ids._cancel_replies()
            self._blacklist()
        else:
            self._apply_known_opt_outs()
            if self.opt_out_reason == "blacklist":
                # That may have been a number that they told.
                self._follow_blacklist()

    def _follow_blacklist(self):
        """The number to call is another now: whether it is on the blacklist counts, and not whether one before was."""
        self.ensure_one()
        listed = [("number", "in", get_candidates(self._get_call_number()))]
        if self.env["phone.blacklist"].sudo().search_count(listed, limit=1):
            self._opt_out("blacklist")
        else:
            self._opt_in("off_blacklist")

    def _blacklist(self):
        """Put their numbers on the phone blacklist."""
        if numbers := self._get_blacklist_numbers():
            self.env["phone.blacklist"].sudo()._add(
                numbers, message=self._in_shops_language().env._("Wants no messages on WhatsApp.")
            )

    def action_opt_out(self):
        """The customer said elsewhere that they want no messages."""
        self._checked_sudo("write")._opt_out("colleague")

    def _opt_out_by_words(self, line):
        """A person reads in a message, which was not understood, that the customer wants no messages."""
        self._opt_out("colleague", line._get_written_at())
        if self.opt_out_reason == "colleague":
            self.opt_out_line_id = line

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
        for_all = reason in FOR_ALL_CHANNELS
        contacts = (self | self._get_same_number()) if for_all else self
        news = contacts.filtered(lambda contact: not contact.opted_out_at)
        learned = contacts._record_opt_out(reason, since or fields.Datetime.now())
        if for_all:
            learned._blacklist()
        news.conversation_ids._cancel_replies()
        # Why nothing may be written to them, and what would help, is another now.
        (learned - news).conversation_ids.filtered(
            lambda conversation: conversation.stage != "closed"
        )._broadcast_state()

    def _record_opt_out(self, reason, since):
        """Keep a reason where there is no stronger one, nor the same of later. Returns the contacts that have it now."""
        weaker = (False, *_BY_STRENGTH[: _BY_STRENGTH.index(reason)])
        learned = self.filtered(
            lambda contact: (
                contact.opt_out_reason in weaker or (contact.opt_out_reason == reason and contact.opted_out_at < since)
            )
        )
        learned.write({"opted_out_at": since, "opt_out_reason": reason, "opt_out_line_id": False})
        return learned

    def _opt_in(self, event):
        """Write again to those of these contacts whose reason this undoes, see `_UNDOES`. Returns them."""
        contacts = self | self._get_same_number() if event == "customer" else self
        contacts = contacts.filtered(lambda contact: contact.opted_out_at and contact.opt_out_reason in _UNDOES[event])
        contacts.write({"opted_out_at": False, "opt_out_reason": False, "opt_out_line_id": False})
        numbers = contacts._get_all_numbers() if event in ("customer", "administrator") else ()
        if event in ("customer", "administrator"):
            contacts._forget_erased_opt_out()
        if numbers:
            listed = self.env["phone.blacklist"].sudo().search([("number", "in", numbers)]).mapped("number")
            if listed:
                self.env["phone.blacklist"].sudo()._remove(
                    listed, message=contacts._in_shops_language().env._("Wants messages on WhatsApp.")
                )
        contacts.conversation_ids._log_consent(_lt("The customer may be written to again."))
        return contacts

    def _follow_last_word(self, other):
        """Who wanted no messages here, and turns out to be another who asked for them later, is written to again.

        Only what the customer said has a moment of its own. What asked for messages of who got them is kept nowhere but
        in the message.
        """
        self.ensure_one()
        if self.opt_out_reason == "customer" and not other.opted_out_at and other._wants_in_since(self.opted_out_at):
            self._opt_in("customer")

    def _wants_in_since(self, moment):
        """Whether the person wrote ALTA, START or the like after a moment, in naive UTC."""
        lines = self.env["whatsapp.conversation.message"].search(
            [
                ("conversation_id.contact_id", "=", self.id),
                ("direction", "=", "inbound"),
                ("create_date", ">", moment),
            ],
            order="id desc",
            limit=_MOST_WORDS,
        )
        return any(
            line.conversation_id._asks_to_be_written_to(line) for line in lines if line._get_written_at() > moment
        )

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
