import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import escape_psql

from ...gateway.address import (
    CHANNEL,
    NOBODY,
    NOWHERE,
    get_candidates,
    get_key_number,
    is_whatsapp,
    parse_address,
    region_of,
    shorten,
    strip_channel,
    to_international,
)
from ...gateway.display_text import clean
from ...gateway.identity import Identity
from ...lib import accent_insensitive
from ...lib.accent_insensitive import matching
from ...lib.guard import guard
from ...understanding.text import fold

_IDS = ("scoped", "parent")
_SUREST = (*_IDS, "other")


class WhatsappContact(models.Model):
    """One person on WhatsApp, as one company knows them.

    Its addresses, a number or user ids or both, tell whose a message is; the phone number, once it is known, is what
    people and other records are looked up by. What somebody calls themselves there is shown and tells nobody apart.
    """

    _name = "whatsapp.contact"
    _inherit = ["whatsapp.access.mixin", "whatsapp.simulated.mixin"]
    _description = "WhatsApp Contact"
    _real_domain = Domain("address", "not =like", f"{CHANNEL}{NOWHERE}%") & Domain(
        "address", "not =like", f"{CHANNEL}{NOBODY}%"
    )
    _order = "id desc"
    _rec_names_search = ("profile_name", "username", "address")
    _writable_fields = {"sales_team.group_sale_manager": {"partner_id"}}

    address = accent_insensitive.Char(
        required=True,
        readonly=True,
        index=True,
        help="Where the last message came from, as Twilio writes it: whatsapp: and a number or a scoped user id.",
    )
    address_ids = fields.One2many("whatsapp.contact.address", "contact_id", string="Addresses", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    phone = fields.Char(readonly=True, index="btree_not_null")
    profile_name = accent_insensitive.Char(readonly=True, help="The name the person chose on WhatsApp.")
    username = accent_insensitive.Char(
        readonly=True, help="By which others find the person on WhatsApp. It may change, and be somebody else's then."
    )
    told_phone = fields.Char(
        string="Number Told",
        readonly=True,
        index="btree_not_null",
        help="What the customer says is their number, to be called. WhatsApp has not shown that it is theirs.",
    )
    early_correction_at = fields.Datetime(
        readonly=True, copy=False, help="When they last changed or deleted a message that has not come."
    )
    partner_id = fields.Many2one("res.partner", string="Contact", index="btree_not_null", ondelete="set null")
    conversation_ids = fields.One2many("whatsapp.conversation", "contact_id")

    @api.constrains("partner_id")
    def _check_partner(self):
        """The customer's messages appear under the partner's name: never under a colleague's, or the assistant's."""
        for contact in self.filtered("partner_id"):
            partner = contact.partner_id.sudo()
            if not partner.partner_share or not partner.active:
                raise ValidationError(
                    self.env._(
                        "%s is not a customer's contact: the customer's messages would appear as theirs.", partner.name
                    )
                )
            if partner.company_id and partner.company_id != contact.company_id:
                raise ValidationError(self.env._("%s is a contact of another company.", partner.name))

    def action_find_partner(self):
        """Link the person to the contact with their number."""
        for contact in self._checked_sudo("write"):
            partner = contact._find_partner(contact._get_call_number())
            if not partner:
                raise UserError(self.env._("No contact has this number yet."))
            contact.partner_id = partner

    @api.depends("profile_name", "phone", "username", "address", "partner_id.name", "erased_at")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for contact in self:
            known = contact._get_title(contact.partner_id.name or contact.profile_name)
            contact.display_name = self.env._("Erased customer") if contact.erased_at else known

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        contacts._apply_known_opt_outs()
        return contacts

    @api.model
    def _search_display_name(self, operator, value):
        """By any of the person's names, and by their number or user id."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        domain = super()._search_display_name(operator, value)
        domain |= Domain("partner_id", "any", matching("name", operator, value))
        if operator == "ilike" and value:
            domain |= self.env["whatsapp.conversation"]._get_number_domain(value)
            if value.startswith("@") or parse_address(f"{CHANNEL}{value}").kind in ("scoped", "parent"):
                domain |= self._get_identity_domain(value)
        return domain

    def _get_title(self, name):
        """The person by this name, if there is one, with their number as people read it, or what else tells who it is."""
        self.ensure_one()
        handle, name = self._get_handle(), clean(name)
        return f"{name} ({handle})" if name and handle != name else handle

    def _get_handle(self):
        """What stands for the number of who has shown none."""
        self.ensure_one()
        if self.phone:
            return to_international(self.phone)
        return f"@{self.username}" if self.username else shorten(self.address or "")

    @api.model
    def _get_or_create(self, identity, company, account=""):
        """The contact of who wrote, with all that the message tells of them.

        identity
            a `gateway.identity.Identity`.
        account
            the Twilio account that it came by, whose user ids these are.

        Two messages of somebody new at the same moment make one contact: the second loses the race for an address that
        they share, and is run again.
        """
        addresses = self.env["whatsapp.contact.address"]
        found = addresses._find(identity.addresses, company, account)
        former = self._find_former_holders(identity, account, found)
        if former:
            former._lose_number(identity.phone, account)
            found = {key: row for key, row in found.items() if row[1] not in former.ids}
        # What is surest tells who it is.
        known = self.browse(dict.fromkeys(found[each.key][1] for each in identity.addresses if each.key in found))
        contact = known[:1]
        one = contact | known[1:].filtered(lambda other: not contact._has_other_number(other))
        if len(one) > 1:
            contact = one._merge()
            found = {key: (row[0], contact.id if row[1] in one.ids else row[1], *row[2:]) for key, row in found.items()}
        if not contact:
            values = {"address": identity.address, "company_id": company.id, "phone": identity.phone}
            contact = self.create(values)
            contact.partner_id = contact._find_partner() - former.partner_id
        contact._learn(identity, account, found)
        if new := [each.key for each in identity.addresses if each.kind in _IDS and each.key not in found]:
            contact._recall_erased_opt_out(new)
        return contact

    @api.model
    def _find_former_holders(self, identity, account, found):
        """Who had the number of who writes now: the contacts found by it alone, whom the account knows by another id.

        A carrier gives a number to somebody else, whose id is another, as is the id of who changes the number. Where the
        parent id is the same, it is the same person.
        """
        kinds, account = {each.kind for each in identity.addresses}, account or ""
        if not identity.phone or not {"scoped", "number"} <= kinds:
            return self.browse()
        owners = {each.key: found[each.key][1] for each in identity.addresses if each.key in found}
        ids = [each.key for each in identity.addresses if each.kind in _IDS]
        alone = set(owners.values()) - {owners.get(key) for key in ids}
        others = self.browse(alone).filtered(lambda each: account in each._get_id_accounts())
        # Who has shown another number is not given this one for an id.
        known = self.browse({owners[key] for key in ids if key in owners})
        return others if not any(each.phone for each in known) else others.browse()

    def _lose_number(self, phone, account):
        """Somebody else has the number of these people now: nothing goes there that is theirs, nor the other way.

        What waits to be sent follows them by `_follow_customer`.
        """
        numbers, key = get_candidates(phone), parse_address(f"{CHANNEL}{phone}").key
        self.address_ids.filtered(lambda row: row.kind == "number" and row.key == key).unlink()
        for contact in self:
            ids = {row.account: row.value for row in contact.address_ids.sorted("id") if row.kind == "scoped"}
            told = contact.told_phone if contact.told_phone not in numbers else False
            contact.write({"phone": False, "told_phone": told, "address": ids[account or ""]})
            for conversation in contact.conversation_ids:
                if parse_address(conversation._get_address() or "").phone in numbers:
                    conversation._set_address(ids.get(conversation.sender_id.account_sid or "", contact.address))
                if conversation.stage != "closed" or conversation.lead_id:
                    conversation = conversation._with_its_company()
                    conversation._log_internal_note(
                        conversation.env._(
                            "%s is the number of somebody else now, by what WhatsApp shows: do not call this customer there.",
                            to_international(phone),
                        )
                    )
            partner = contact._get_partner()
            if partner.phone_sanitized in numbers:
                # What stands in the address book is for people to change.
                guard(contact.conversation_ids[-1:], "thread", contact._note_lost_number, partner, phone)
            # After that: CRM writes a number that takes its place on a lead in the address book as well.
            contact.conversation_ids._take_number_off_leads(phone)

    def _note_lost_number(self, partner, phone):
        text = self._in_shops_language().env._(
            "%s is the number of somebody else now, by what WhatsApp shows: do not call this customer there.",
            to_international(phone),
        )
        partner._message_log(body=text)

    def _get_id_accounts(self):
        """The Twilio accounts that have named the person by an id. By two ids of one account two people are known.

        Senders without an account, in simulation, are of one without a name.
        """
        rows = self.sudo().address_ids.filtered(lambda row: row.kind == "scoped")
        # What was taken over from another account, and not seen in this one yet, is no proof.
        return {row.account for row in rows if row.last_seen_at}

    def _is_former_holder(self, other):
        """Whether another contact, who shows no number, is known to be somebody else than this one."""
        return not other.phone and bool(self._get_id_accounts() & other._get_id_accounts())

    def _learn(self, identity, account, found):
        """Keep what a message of this person tells that is new: names, addresses, a number.

        found
            the rows that its addresses have already, as `_find` gives them.
        """
        values = {
            "address": identity.address,
            "profile_name": identity.profile_name or self.profile_name,
            "username": identity.username or self.username,
        }
        own = [each for each in identity.addresses if each.key in found and found[each.key][1] == self.id]
        new = [each for each in identity.addresses if each.key not in found]
        # Not one that is somebody else's.
        phone = next((each.phone for each in (*own, *new) if each.phone), None)
        if phone and (not self.phone or get_key_number(self.phone) != get_key_number(phone)):
            values["phone"] = phone
        self.write({name: value for name, value in values.items() if self[name] != value})
        addresses = self.env["whatsapp.contact.address"]
        addresses._touch(own, found)
        addresses._add(self, new, account)
        if "phone" in values:
            self._on_number()

    def _learn_address(self, known, shown, account):
        """Keep another address that WhatsApp itself shows of this person.

        known, shown
            `gateway.address.Address`: where something was sent to, and what it came to by Twilio's word. Of two numbers
            one is somebody else's, and of an address that is not this person's any more nothing is learned.
        account
            the Twilio account that it went by, whose user ids these are.
        """
        self.ensure_one()
        found = self.env["whatsapp.contact.address"]._find((known, shown), self.company_id, account)
        owners = [found[each.key][1] if each.key in found else None for each in (known, shown)]
        other = shown.phone and self.phone and get_key_number(shown.phone) != get_key_number(self.phone)
        # An id beside the one that the account knows is somebody's who has not written yet.
        other = other or (shown.kind == "scoped" and (account or "") in self._get_id_accounts())
        if owners[0] == self.id and owners[1] != self.id and known.kind != shown.kind and not other:
            addresses = sorted((known, shown), key=lambda each: each.kind == "number")
            # Answers go where the customer wrote from.
            self._get_or_create(Identity(self.address, tuple(addresses)), self.company_id, account)

    def _has_other_number(self, other):
        """Whether both have numbers, which are not one. Who changes the number gets another id: no id ties the two."""
        return bool(self.phone and other.phone and get_key_number(self.phone) != get_key_number(other.phone))

    def _on_number(self):
        """The person's number is known now, or is another."""
        self.ensure_one()
        if self.phone:
            self._link_partner()
            self._carry_opt_out()
            self.conversation_ids._fill_lead_contact()

    def _on_told_number(self):
        """The customer has told a number, which may be anybody's."""
        self.ensure_one()
        self._follow_blacklist()
        self._link_told_partner()
        self.conversation_ids._fill_lead_contact()
        self.conversation_ids._propose_told_number()

    def _link_told_partner(self):
        """The partner with the number that was told is the customer where they also have a name in common.

        Otherwise a person decides: their messages would appear under the partner's name.
        """
        partner = not self._get_partner() and self._find_partner(self.told_phone)
        if not partner:
            return
        conversation = self.conversation_ids.filtered(lambda each: each.stage != "closed")[-1:]
        own = _get_names(conversation.customer_name) | _get_names(self.profile_name)
        # A first name and a number are easily known: who is a customer on WhatsApp already is left to a person.
        is_known = self.company_id in partner.sudo().whatsapp_contact_ids.company_id
        if own & _get_names(partner.name) and not is_known:
            self.partner_id = partner
        elif conversation and not conversation._has_note_of(partner):
            conversation = conversation._with_its_company()
            conversation._log_internal_note(
                conversation.env._(
                    "The number that the customer told is that of %s in Contacts. If it is the same person, choose them on "
                    "the WhatsApp contact.",
                    partner._get_html_link(title=partner.display_name),
                )
            )

    def _get_call_number(self):
        """The number to call: WhatsApp's, else the one that the customer told; False for none."""
        return self.phone or self.told_phone

    def _get_known_words(self):
        """What no log and no stored error may tell of these people."""
        contacts = self.exists()
        own = {
            *contacts.mapped("profile_name"),
            *contacts.mapped("username"),
            *contacts.partner_id.mapped("name"),
            *contacts._get_address_words(),
        }
        return (own | contacts.conversation_ids._get_known_words()) - {False}

    @api.model
    def _get_handle_domain(self, text):
        """The contacts by whatever stands for a number: user id, username, or a number that they told."""
        domain = Domain("username", "=", text.strip().lstrip("@").lower())
        if numbers := self.env["whatsapp.conversation"]._get_numbers(text):
            domain |= Domain("told_phone", "in", numbers)
        if parse_address(f"{CHANNEL}{strip_channel(text)}").kind in ("scoped", "parent"):
            domain |= self._get_identity_domain(text)
        return domain

    def _get_user_id(self):
        """What WhatsApp names the person by, as it was last seen; empty where it has named none."""
        ids = self.address_ids.filtered(lambda address: address.kind != "number" and is_whatsapp(address.value))
        return strip_channel(ids.sorted(lambda each: (_SUREST.index(each.kind), -each.id))[:1].value or "")

    @api.model
    def _get_identity_domain(self, text):
        """The contacts with a number as people write it, with a user id in any form, or with a username after an @."""
        text = text.strip()
        if text.startswith("@"):
            # In capitals or not.
            return Domain("username", "=ilike", escape_psql(text[1:]))
        address = parse_address(f"{CHANNEL}{strip_channel(text)}")
        numbers = address.kind not in _IDS and self.env["whatsapp.conversation"]._get_numbers(text)
        if numbers:
            return Domain("phone", "in", numbers)
        return Domain("address_ids", "any!", [("key", "=", address.key)])

    def _get_address_words(self):
        """Their addresses, in each form in which an error may name them."""
        raw = {*self.mapped("address"), *self.sudo().address_ids.mapped("value")}
        return {form for address in raw if address for form in (address, strip_channel(address))}

    def _in_shops_language(self):
        """These contacts as their first company words what is written about them."""
        return self.with_context(lang=self[:1].company_id._get_whatsapp_language())

    def _is_out_of_reach(self):
        """Whether nothing can be sent to them on WhatsApp, because all they sent is SMS, or because they were erased."""
        self.ensure_one()
        return not is_whatsapp(self.address)

    def _find_partner(self, phone=None):
        """The partner with a number, by default the contact's own; always the same one.

        Persons come before companies, the most recent first.

        Only where none has it in this very form are the others tried.
        """
        self.ensure_one()
        partners = self.env["res.partner"]
        phone = phone or self.phone
        for number in get_candidates(phone) if phone else ():
            partner = partners.search(
                [
                    ("phone_sanitized", "=", number),
                    ("company_id", "in", [self.company_id.id, False]),
                    ("partner_share", "=", True),  # no colleague's
                ],
                order="is_company, id desc",
                limit=1,
            )
            if partner:
                return partner
        return partners

    def _link_partner(self):
        """Find a partner for contacts without one, or whose partner is archived, another company's or a colleague by now.

        One that is archived stays where there is no other: it may come back. What they wrote keeps its author, unless
        that is a colleague.
        """
        for contact in self:
            if contact._get_partner() or contact.erased_at:
                continue
            if not contact.partner_id.partner_share:
                contact._pass_on_messages()
            partner = contact._find_partner()
            if any(contact._is_former_holder(other) for other in partner.sudo().whatsapp_contact_ids - contact):
                partner = partner.browse()
            if partner != contact.partner_id and (partner or contact.partner_id.active):
                contact.partner_id = partner
                contact.conversation_ids.filtered(
                    lambda conversation: conversation.stage != "closed"
                )._broadcast_state()

    def _get_partner(self):
        """The partner that new records may name: not one that is archived, that went to another company, or works here.

        What the customer writes, and reacts with, would be a colleague's.
        """
        return self.partner_id.filtered(
            lambda partner: (
                partner.active
                and partner.partner_share
                and (not partner.company_id or partner.company_id == self.company_id)
            )
        )

    def _get_country(self):
        self.ensure_one()
        code = region_of(self.phone) if self.phone else None
        return self.env["res.country"].search([("code", "=", code)], limit=1) if code else self.env["res.country"]


def _get_names(name):
    """The words of a name, without accents."""
    return {word for word in re.findall(r"[^\W\d_]+", fold(name or "")) if len(word) > 2}
