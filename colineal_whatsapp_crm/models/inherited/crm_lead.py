from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib import accent_insensitive
from ..conversation.base import QUALITIES, URGENCIES
from ..conversation.closing import CLOSINGS
from ..conversation.erasure import erase_around, erase_with_files
from ..conversation.lead_tags import get_budget_band


class CrmLead(models.Model):
    """The lead's side of a conversation. The ``x_`` names are a contract with the reports and programs that read them."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "whatsapp.access.mixin"]
    _writable_fields = {
        "sales_team.group_sale_salesman": {
            "x_source",
            "x_product_interest",
            "x_budget_range",
            "x_ai_confidence",
            "x_quality_score",
            "whatsapp_budget",
            "whatsapp_urgency",
            "whatsapp_closing",
            "whatsapp_lost_reason_id",
        }
    }

    x_source = fields.Char(string="Channel", copy=False, help="Where the lead wrote from.")
    x_product_interest = accent_insensitive.Char(string="Product Interest")
    x_budget_range = fields.Char(string="Budget")
    x_ai_confidence = fields.Float(
        string="Analysis Confidence", copy=False, aggregator="avg", help="How sure the analysis is, from 0 to 1."
    )
    x_quality_score = fields.Selection(QUALITIES, string="Lead Quality", copy=False, index="btree_not_null")
    whatsapp_conversation_ids = fields.One2many("whatsapp.conversation", "lead_id", string="WhatsApp Conversations")
    whatsapp_conversation_count = fields.Integer(compute="_compute_whatsapp_conversation_count")
    whatsapp_channel_id = fields.Many2one(
        "discuss.channel",
        string="WhatsApp Thread",
        compute="_compute_whatsapp_channel_id",
        help="Of the last conversation that the reader may see.",
    )

    def _compute_whatsapp_conversation_count(self):
        counts = dict(
            self.env["whatsapp.conversation"]._read_group([("lead_id", "in", self.ids)], ["lead_id"], ["__count"])
        )
        for lead in self:
            lead.whatsapp_conversation_count = counts.get(lead, 0)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("user_id") and not self.env.context.get("whatsapp_assigning"):
            self.sudo().whatsapp_conversation_ids._follow_salesperson()
        if {"active", "stage_id"} & vals.keys():
            self.sudo().whatsapp_conversation_ids._on_lead_moved()
        return result

    def unlink(self):
        conversations = self.sudo().whatsapp_conversation_ids
        result = super().unlink()
        conversations._on_lead_moved()
        return result

    def web_read(self, specification):
        """A screen that opens the thread beside one lead finds it there."""
        if len(self) == 1 and self.id and "whatsapp_channel_id" in specification and self.has_access("read"):
            conversation = self.env["whatsapp.conversation"].search([("lead_id", "=", self.id)], limit=1)
            if conversation:
                conversation._checked_sudo("read")._get_channel()
        return super().web_read(specification)

    @api.depends("whatsapp_conversation_ids.channel_id")
    @api.depends_context("uid")
    def _compute_whatsapp_channel_id(self):
        conversations = self.env["whatsapp.conversation"]
        if conversations.has_access("read"):
            conversations = conversations.search([("lead_id", "in", self.ids), ("channel_id", "!=", False)])
        # The last one of a lead comes first, and so is the one that stays.
        channels = {conversation.lead_id: conversation.channel_id for conversation in reversed(conversations)}
        for lead in self:
            lead.whatsapp_channel_id = channels.get(lead._origin)

    def action_view_whatsapp_conversations(self):
        self.ensure_one()
        return self.whatsapp_conversation_ids._get_list_action([("lead_id", "=", self.id)])

    def action_write_on_whatsapp(self):
        """Open the customer's thread, by the lead's own conversations first, then by its number."""
        self.ensure_one()
        contacts = self.whatsapp_conversation_ids.sudo().contact_id
        contacts = contacts or self.partner_id._get_whatsapp_contacts(self.phone_sanitized)
        return contacts._open_thread(self.company_id or self.env.company)

    def action_send_whatsapp_template(self):
        """Send the customer an approved template, which goes at any time."""
        self.ensure_one()
        self.check_access("read")
        conversation = self.env["whatsapp.conversation"].search([("lead_id", "=", self.id)], limit=1)
        if not conversation:
            raise UserError(self.env._("This lead has no WhatsApp conversation that you may see."))
        return conversation._get_template_action()

    def _merge_get_fields(self):
        contract = ["x_source", "x_product_interest", "x_budget_range", "x_ai_confidence", "x_quality_score"]
        ours = ["whatsapp_budget", "whatsapp_urgency", "whatsapp_closing", "whatsapp_lost_reason_id"]
        return [*super()._merge_get_fields(), *contract, *ours]

    def _merge_dependences(self, opportunities):
        """Conversations go to the lead that stays, whoever has them."""
        opportunities.sudo().whatsapp_conversation_ids.lead_id = self
        return super()._merge_dependences(opportunities)

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

    whatsapp_closing = fields.Selection(
        CLOSINGS,
        string="Customer's Decision",
        copy=False,
        index="btree_not_null",
        help="What the customer said on WhatsApp of what was wanted, until something is wanted again.",
    )
    whatsapp_lost_reason_id = fields.Many2one(
        "crm.lost.reason",
        string="Proposed Lost Reason",
        copy=False,
        help="It counts when a person marks the lead lost.",
    )

    def action_confirm_whatsapp_loss(self):
        """A person agrees that the lead is lost, for the reason that the customer gave."""
        for lead in self:
            lead.action_set_lost(lost_reason_id=lead.whatsapp_lost_reason_id.id)

    def action_dismiss_whatsapp_closing(self):
        """A person goes on selling: the proposal goes, until the customer decides again."""
        self.write({"whatsapp_closing": False, "whatsapp_lost_reason_id": False})

    @api.depends("whatsapp_budget")
    def _compute_whatsapp_budget_band(self):
        for lead in self:
            lead.whatsapp_budget_band = get_budget_band(lead.whatsapp_budget)

    def _erase_person(self):
        """Take out who the lead is; what was wanted, how good it was and what became of it stay."""
        erase_around(self)
        if "calendar_event_ids" in self:
            erase_with_files(self.calendar_event_ids)
        personal = ("partner_id", "contact_name", "partner_name", "function", "email_from", "email_cc", "phone")
        personal += ("street", "street2", "zip", "website", "description", "referred")
        self.with_context(tracking_disable=True).write(
            {**dict.fromkeys(personal, False), "name": self.env._("Erased customer")}
        )

    whatsapp_simulated = fields.Boolean(
        string="Made by the Simulator", readonly=True, copy=False, help="No customer wrote this; Reset removes it."
    )

    @api.depends("whatsapp_simulated")
    def _compute_won_status(self):
        result = super()._compute_won_status()
        # Archived is not lost: the predictive scoring learns from what was lost.
        self.filtered("whatsapp_simulated").won_status = "pending"
        return result
