from odoo import api, fields, models
from odoo.fields import Domain

from ...gateway.address import get_candidates
from .discuss_channel import is_whatsapp
from .res_users import READER

#: What decides whose partner somebody on WhatsApp is.
_DECISIVE = {"phone", "active", "company_id", "country_id"}


class ResPartner(models.Model):
    """A customer who writes for the first time is looked up by number in the whole address book, and found there later
    when the partner comes or changes after the customer."""

    _name = "res.partner"
    _inherit = ["res.partner", "whatsapp.access.mixin"]

    whatsapp_contact_ids = fields.One2many(
        "whatsapp.contact", "partner_id", string="On WhatsApp", groups=f"sales_team.group_sale_salesman,{READER}"
    )
    whatsapp_conversation_count = fields.Integer(
        compute="_compute_whatsapp_conversation_count", groups="sales_team.group_sale_salesman"
    )

    _phone_sanitized_index = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._link_whatsapp(linked=False)
        return partners

    def write(self, vals):
        before = self._get_whatsapp_traits() if _DECISIVE & vals.keys() else {}
        result = super().write(vals)
        if {"country_id", "tz"} & vals.keys():
            self._move_company_timezone()
        if not before:
            return result
        now = self._get_whatsapp_traits()
        # Odoo and its screens write many a value that is there already.
        self.filtered(lambda partner: now[partner] != before[partner])._link_whatsapp()
        return result

    def _get_whatsapp_traits(self):
        """What decides whose partner somebody on WhatsApp is, of each of these partners."""
        return {partner: (partner.phone_sanitized, partner.active, partner.company_id.id) for partner in self.sudo()}

    def unlink(self):
        """Who wrote on WhatsApp stays the author of it: as another partner with the number, else as a guest."""
        contacts = self.env["whatsapp.contact"].sudo().search([("partner_id", "in", self.ids)])
        contacts._pass_on_messages()
        result = super().unlink()
        contacts.exists()._link_partner()
        return result

    def _move_company_timezone(self):
        """Reports and deadlines of a company follow its own contact."""
        companies = self.env["res.company"].with_context(active_test=False)
        if theirs := companies._get_contact_ids() & set(self.ids):
            field = companies._fields["whatsapp_timezone"]
            self.env.add_to_compute(field, companies.sudo().search([("partner_id", "in", list(theirs))]))

    def _link_whatsapp(self, linked=True):
        """Link customers who have the number of one of these partners.

        linked
            look also at those whose partner is one of these.
        """
        phones = [phone for phone in self.mapped("phone_sanitized") if phone]
        numbers = [form for phone in phones for form in get_candidates(phone)]
        domain = Domain("partner_id", "in", self.ids if linked else ())
        if numbers:
            # In place of one that is archived as well.
            domain |= Domain("phone", "in", numbers) & Domain("partner_id", "not any", [("active", "=", True)])
        if not domain.is_false():
            self.env["whatsapp.contact"].sudo().search(domain)._link_partner()

    @api.readonly
    @api.model
    def _search_for_channel_invite(self, store, search_term, channel_id=None, limit=30):
        """Into a customer's thread only those are invited who may see it."""
        result = super()._search_for_channel_invite(store, search_term, channel_id, limit)
        channel = self.env["discuss.channel"].search([("id", "=", int(channel_id or 0))])
        if channel and is_whatsapp(channel):
            partners = self.browse(result["partner_ids"]).filtered(channel._may_see_whatsapp)
            result.update(partner_ids=partners.ids, count=len(partners))
        return result

    @api.depends_context("uid")
    def _compute_whatsapp_conversation_count(self):
        domain = [("contact_id.partner_id", "in", self.ids)]
        conversations = self.env["whatsapp.conversation"].search_fetch(domain, ["contact_id"])
        counts = conversations.grouped(lambda conversation: conversation.contact_id.partner_id)
        for partner in self:
            partner.whatsapp_conversation_count = len(counts.get(partner._origin, ()))

    def action_view_whatsapp_conversations(self):
        self.ensure_one()
        domain = [("contact_id.partner_id", "=", self.id)]
        return self.env["whatsapp.conversation"].search(domain)._get_list_action(domain)

    def action_write_on_whatsapp(self):
        """Open the thread of the partner's number."""
        self.ensure_one()
        return self._get_whatsapp_contacts(self.phone_sanitized)._open_thread(self.company_id or self.env.company)

    def _get_whatsapp_contacts(self, phone):
        """Who the partner, or the owner of a number, is on WhatsApp."""
        contacts = self.sudo().whatsapp_contact_ids
        if phone:
            contacts |= contacts.search([("phone", "in", get_candidates(phone))])
        return contacts

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
