from odoo import fields, models

from ...gateway.address import (
    find_number,
    get_candidates,
    get_region,
    parse_address,
    region_of,
    tells_own_number,
    to_international,
)
from ...lib.guard import guard
from ...understanding.text import fold

#: Of leads with one number so many are named, the latest.
_MOST_LEADS = 5


class WhatsappConversation(models.Model):
    """A customer whose number WhatsApp does not show is asked for one, once; what they tell is to be called.

    Anybody can tell any number. So it is no address: it finds no contact and no lead, and puts nobody on the blacklist.
    """

    _inherit = "whatsapp.conversation"

    told_phone = fields.Char(related="contact_id.told_phone")

    def _get_phone_question(self):
        """What asks for a number, where none is known and the shop wants one; once."""
        contact = self.contact_id
        is_nameless = parse_address(self._get_address() or "").kind in ("scoped", "parent")
        wanted = self.assistant_id.asks_phone and is_nameless and not (self.phone or contact.told_phone)
        return ["ask_phone"] if wanted and not self._has_asked_phone() else []

    def _has_asked_phone(self):
        lines = self.env["whatsapp.conversation.message"]
        asked = [("conversation_id.contact_id", "=", self.contact_id.id), ("wording_ids.situation", "=", "ask_phone")]
        return bool(lines.search_count(asked, limit=1))

    def _store_told_number(self, messages):
        """Keep the number that the customer tells, after the question or as their own; in place of one told before.

        messages
            those of the turn.
        """
        if self.phone:
            return
        number = self._find_told_number(messages)
        if number and number != self.contact_id.told_phone:
            self.contact_id.told_phone = number
            self.contact_id._on_told_number()
            # A card may be known to be the customer's own by now.
            messages.filtered("cards")._broadcast_state()

    def _find_told_number(self, messages):
        for line in messages:
            if numbers := [number for card in line._get_own_cards() for number in line._list_numbers(card)]:
                return numbers[0]
        words = _join_own_words(messages)
        # Nobody tells a number in fewer figures.
        if sum(char.isdecimal() for char in words) < 6:
            return None
        number = find_number(words, self._get_number_regions())
        if not number or not (tells_own_number(fold(words)) or self._asks_phone_now()):
            return None
        return number

    def _asks_phone_now(self):
        """Whether the assistant's last words asked for the number."""
        return "ask_phone" in self._get_last_replies()[-1:].wording_ids.mapped("situation")

    def _get_number_regions(self):
        """The countries that a number without one may be of."""
        company = self.company_id.country_id.code
        regions = (get_region(self._get_address()), region_of(self.sender_id.number), company)
        return [region for region in regions if region]

    def _has_told_number(self):
        """Whether this turn told the number."""
        told = self.contact_id.told_phone
        if self.phone or not told:
            return False
        messages = self.classification_id.message_ids
        if any(told in line._list_numbers(card) for line in messages for card in line.cards or ()):
            return True
        return find_number(_join_own_words(messages), self._get_number_regions()) == told

    def _propose_told_number(self):
        """Where the number that was told is that of another customer, a person finds out whether the two are one.

        Nothing is written on what is the other's, and nobody is named who may be a stranger: anybody can tell any number.
        """
        for conversation in self.filtered(lambda each: each.stage != "closed" and not each.phone and each.told_phone):
            conversation = conversation._with_its_company()
            numbers = get_candidates(conversation.told_phone)
            company = conversation.company_id
            own = conversation.lead_id.filtered(conversation._is_open)
            leads = conversation.env["crm.lead"].search(
                [("phone_sanitized", "in", numbers), ("company_id", "in", [company.id, False])],
                order="id desc",
                limit=_MOST_LEADS,
            )
            leads = leads.filtered(conversation._is_open) - conversation.contact_id.conversation_ids.lead_id
            if own and leads:
                # Who has read of one, and has decided, is not asked again.
                news = leads.filtered(lambda lead, own=own: not _names(own, lead))
                if news:
                    guard(conversation, "lead", conversation._propose_lead_merge, own, news, _get_same_number_reason)
            elif not leads and not conversation.contact_id._find_partner(conversation.told_phone):
                conversation._post_other_customer_note(numbers)

    def _post_other_customer_note(self, numbers):
        others = self.env["whatsapp.contact"].search(
            [("phone", "in", numbers), ("company_id", "=", self.company_id.id), ("id", "!=", self.contact_id.id)]
        )
        latest = others.conversation_ids.sorted("id")[-1:]
        if latest and not self._has_note_of(*others.conversation_ids):
            link = latest._get_html_link(title=self.env._("Conversation %s", latest.id))
            self._log_internal_note(
                self.env._(
                    "The number that the customer told is that of another customer on WhatsApp: %s. If they are one person, "
                    "choose the same contact for both.",
                    link,
                )
            )

    def _has_note_of(self, *records):
        """Whether colleagues have been told of one of these records here already."""
        return any(_names(place, record) for place in (self, self.channel_id) for record in records)

    def _take_number_off_leads(self, phone):
        """A number that is somebody else's now is called on these leads no more; another that is known takes its place.

        A note keeps it: what WhatsApp shows may be wrong.
        """
        numbers = get_candidates(phone)
        for conversation in self:
            if conversation.lead_id.phone_sanitized in numbers:
                guard(conversation, "lead", conversation._with_its_company()._take_number_off_lead, phone)

    def _take_number_off_lead(self, phone):
        self.lead_id.phone = False
        text = self.env._(
            "%s is the number of somebody else now, by what WhatsApp shows: it was taken off this lead.",
            to_international(phone),
        )
        self.lead_id.message_post(body=text, subtype_xmlid="mail.mt_note")
        self._fill_lead_contact()

    def _fill_lead_contact(self):
        """The number that is known at last, and the partner by it, stand on the open leads as well."""
        for conversation in self:
            lead, contact = conversation.lead_id, conversation.contact_id
            if not lead or not conversation._is_open(lead):
                continue
            values = {}
            if not lead.partner_id and (partner := conversation._get_partner()):
                values["partner_id"] = partner.id
            if not lead.phone and (phone := contact._get_call_number()):
                values["phone"] = phone
            if values:
                lead.write(values)
            # A number that a colleague wrote there stays theirs.
            if "phone" in values:
                conversation.lead_values = {**(conversation.lead_values or {}), "phone": lead.phone}


def _names(place, record):
    """Whether a note on a record, or in a thread, has a link to another."""
    link = f'data-oe-model="{record._name}" data-oe-id="{record.id}"'
    notes = [("model", "=", place._name), ("res_id", "in", place.ids), ("body", "like", link)]
    return bool(place.env["mail.message"].search_count(notes, limit=1))


def _get_same_number_reason(env):
    return env._("The customer told a number that other leads have. WhatsApp has not shown that it is theirs.")


def _join_own_words(messages):
    """What the customer says in these messages; words that they only pass on have another's number."""
    return "\n".join(line._get_words() for line in messages if not line.is_forwarded)
