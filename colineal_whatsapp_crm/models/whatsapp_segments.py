from odoo import Command, api, fields, models

from .whatsapp_conversation import URGENCIES

#: Budgets up to so many dollars, by band; more is the last one.
_BANDS = {"1": 500, "2": 1000, "3": 2000, "4": 5000}


def _get_band(budget):
    return budget > 0 and next((band for band, most in _BANDS.items() if budget <= most), "5")


class CrmLead(models.Model):
    """What leads are segmented by, in searches, favourites and mailings: all stored, beside the city and the quality."""

    _inherit = "crm.lead"
    _writable_fields = {"sales_team.group_sale_salesman": {"whatsapp_budget", "whatsapp_urgency"}}

    whatsapp_budget = fields.Integer(
        string="Budget (USD)", copy=False, help="The most the customer named, in whole dollars; 0 when nothing."
    )
    whatsapp_budget_band = fields.Selection(
        [
            ("1", "Up to $500"),
            ("2", "$501 to $1000"),
            ("3", "$1001 to $2000"),
            ("4", "$2001 to $5000"),
            ("5", "More than $5000"),
        ],
        string="Budget Band",
        compute="_compute_whatsapp_budget_band",
        store=True,
        index="btree_not_null",
    )
    whatsapp_urgency = fields.Selection(URGENCIES, string="Urgency", copy=False, index="btree_not_null")

    @api.depends("whatsapp_budget")
    def _compute_whatsapp_budget_band(self):
        for lead in self:
            lead.whatsapp_budget_band = _get_band(lead.whatsapp_budget)

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "whatsapp_budget", "whatsapp_urgency"]


class WhatsappAssistant(models.Model):
    """Which tags the assistant puts on leads."""

    _inherit = "whatsapp.assistant"
    _writable_fields = {
        "sales_team.group_sale_manager": {"tag_products", "tag_quality", "tag_budget", "tag_city", "tag_urgency"}
    }

    tag_products = fields.Boolean(string="Tag Leads with Products", default=True)
    tag_quality = fields.Boolean(string="Tag Leads with Quality")
    tag_budget = fields.Boolean(string="Tag Leads with Budget Band")
    tag_city = fields.Boolean(string="Tag Leads with City")
    tag_urgency = fields.Boolean(string="Tag Leads with Urgency")


class WhatsappConversation(models.Model):
    """The lead's segments follow the conversation.

    A tag that the assistant put there goes when it is no longer true. One that a person took away stays away, and one
    that a person put there stays.
    """

    _inherit = "whatsapp.conversation"

    def _get_contract_values(self):
        return {
            **super()._get_contract_values(),
            "whatsapp_budget": self.budget_max or self.budget_min,
            "whatsapp_urgency": self.urgency,
        }

    def _prepare_lead_values(self):
        names = self._get_tag_names()
        return {**super()._prepare_lead_values(), "tag_ids": [Command.set(self._find_tags(names).ids)]}

    @api.private
    def create_or_update_lead(self):
        result = super().create_or_update_lead()
        for conversation in self.filtered("lead_id"):
            lead, noted = conversation.lead_id, conversation.lead_values or {}
            if noted.get("tagged", {}).get("lead") != lead.id:
                # A new lead has its tags from the first.
                tagged = {"lead": lead.id, "names": conversation._get_tag_names()}
                conversation.lead_values = {**noted, "tagged": tagged}
        return result

    def _update_lead(self, lead, winning=()):
        result = super()._update_lead(lead, winning)
        noted = self.lead_values or {}
        tagged = noted.get("tagged", {})
        ours = tagged.get("names", []) if tagged.get("lead") == lead.id else []
        names = self._get_tag_names()
        if names != ours:
            new, old = ([name for name in one if name not in other] for one, other in ((names, ours), (ours, names)))
            links = [Command.link(tag.id) for tag in self._find_tags(new)]
            lead.tag_ids = links + [Command.unlink(tag.id) for tag in self._search_tags(old)]
        self.lead_values = {**noted, "tagged": {"lead": lead.id, "names": names}}
        return result

    def _get_tag_names(self):
        """What the lead is to be tagged with, as people read it."""
        assistant = self.assistant_id
        names = []
        if assistant.tag_products and self.product_interest:
            names += [name[:1].upper() + name[1:] for name in self.product_interest.split(", ")]
        if assistant.tag_quality and self.quality:
            names.append(dict(self._fields["quality"]._description_selection(self.env))[self.quality])
        budget = self.budget_max or self.budget_min
        if assistant.tag_budget and budget:
            bands = dict(self.env["crm.lead"]._fields["whatsapp_budget_band"]._description_selection(self.env))
            names.append(bands[_get_band(budget)])
        if assistant.tag_city and self.city:
            names.append(self.city)
        if assistant.tag_urgency and self.urgency:
            urgency = dict(self._fields["urgency"]._description_selection(self.env))[self.urgency]
            names.append(self.env._("Urgency: %s", urgency))
        return names

    def _search_tags(self, names):
        tags = self.env["crm.tag"].sudo()
        return tags.search([("name", "in", names)]) if names else tags

    def _find_tags(self, names):
        """The tags of these names; those that are missing are made."""
        tags = self._search_tags(names)
        missing = [name for name in names if name not in tags.mapped("name")]
        return tags + tags.create([{"name": name} for name in missing])
