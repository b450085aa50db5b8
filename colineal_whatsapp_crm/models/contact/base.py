from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...gateway.address import (
    CHANNEL,
    NOWHERE,
    get_candidates,
    is_whatsapp,
    region_of,
    strip_channel,
    to_e164,
    to_international,
)
from ...gateway.display_text import clean
from ...lib import accent_insensitive
from ...lib.accent_insensitive import matching


class WhatsappContact(models.Model):
    """One person on WhatsApp, as one company knows them.

    The raw address is what answers go to; the phone number is what people and other records are looked up by.
    """

    _name = "whatsapp.contact"
    _inherit = ["whatsapp.access.mixin", "whatsapp.simulated.mixin"]
    _description = "WhatsApp Contact"
    _real_domain = Domain("address", "not =like", f"{CHANNEL}{NOWHERE}%")
    _order = "id desc"
    _rec_names_search = ("profile_name", "address")
    _writable_fields = {"sales_team.group_sale_manager": {"partner_id"}}

    address = accent_insensitive.Char(
        required=True, readonly=True, help="As Twilio writes it: whatsapp: and a number or a scoped user id."
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    phone = fields.Char(readonly=True, index="btree_not_null")
    profile_name = accent_insensitive.Char(readonly=True, help="The name the person chose on WhatsApp.")
    partner_id = fields.Many2one("res.partner", string="Contact", index="btree_not_null", ondelete="set null")
    conversation_ids = fields.One2many("whatsapp.conversation", "contact_id")

    _address_company_uniq = models.Constraint(
        "UNIQUE(address, company_id)", "This WhatsApp address already has a contact in this company."
    )

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
            partner = contact._find_partner()
            if not partner:
                raise UserError(self.env._("No contact has this number yet."))
            contact.partner_id = partner

    @api.depends("profile_name", "phone", "partner_id.name", "erased_at")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for contact in self:
            known = contact._get_title(contact.partner_id.name or contact.profile_name)
            contact.display_name = self.env._("Erased customer") if contact.erased_at else known

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        contacts._apply_known_opt_outs()
        contacts._recall_erased_opt_outs()
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
        return domain

    def _get_title(self, name):
        """The person by this name, if there is one, with their number as people read it."""
        self.ensure_one()
        number = to_international(self.phone) if self.phone else strip_channel(self.address or "")
        name = clean(name)
        return f"{name} ({number})" if name else number

    @api.model
    def _get_or_create(self, address, company, profile_name=None):
        """The contact of a raw address; its profile name follows what the person last chose."""
        contact = self.search_fetch(
            [("address", "=", address), ("company_id", "=", company.id)],
            ["address", "profile_name", "phone", "opted_out", "opt_out_reason"],
            limit=1,
        )
        if not contact:
            phone = to_e164(address)
            contact = self.create({"address": address, "company_id": company.id, "phone": phone})
            contact.partner_id = contact._find_partner()
        profile_name = clean(profile_name)
        if profile_name and contact.profile_name != profile_name:
            contact.profile_name = profile_name
        return contact

    def _get_known_words(self):
        """What no log and no stored error may tell of these people."""
        contacts = self.exists()
        own = {*contacts.mapped("profile_name"), *contacts.mapped("address"), *contacts.partner_id.mapped("name")}
        return (own | contacts.conversation_ids._get_known_words()) - {False}

    def _in_shops_language(self):
        """These contacts as their first company words what is written about them."""
        return self.with_context(lang=self[:1].company_id._get_whatsapp_language())

    def _is_out_of_reach(self):
        """Whether nothing can be sent to them on WhatsApp, because all they sent is SMS, or because they were erased."""
        self.ensure_one()
        return not is_whatsapp(self.address)

    def _find_partner(self):
        """The partner with this number: persons before companies, the most recent first, so that it is always the same.

        Only where none has it in this very form are the others tried.
        """
        self.ensure_one()
        partners = self.env["res.partner"]
        for number in get_candidates(self.phone) if self.phone else ():
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
        """Find a partner for contacts without one, or whose partner is archived or another company's by now.

        One that is archived stays where there is no other: it may come back. What they wrote keeps its author.
        """
        for contact in self:
            if contact._get_partner() or contact.erased_at:
                continue
            partner = contact._find_partner()
            if partner != contact.partner_id and (partner or contact.partner_id.active):
                contact.partner_id = partner
                contact.conversation_ids.filtered(
                    lambda conversation: conversation.stage != "closed"
                )._broadcast_state()

    def _get_partner(self):
        """The partner that new records may name: not one that is archived, nor one that went to another company."""
        return self.partner_id.filtered(
            lambda partner: partner.active and (not partner.company_id or partner.company_id == self.company_id)
        )

    def _get_country(self):
        self.ensure_one()
        code = region_of(self.phone) if self.phone else None
        return self.env["res.country"].search([("code", "=", code)], limit=1) if code else self.env["res.country"]
