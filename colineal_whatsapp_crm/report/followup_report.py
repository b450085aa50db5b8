from odoo import fields, models
from odoo.tools import SQL

from ..models.followup.base import OBSTACLES, STATES


class WhatsappFollowupReport(models.Model):
    """One row a follow-up, for pivot and graph: how many are answered, and how many leads and sales come of them."""

    _name = "whatsapp.followup.report"
    _description = "WhatsApp Follow-ups Analysis"
    _auto = False
    _rec_name = "followup_id"
    _order = "date desc, id desc"
    _depends = {
        "whatsapp.followup": ["conversation_id", "hours", "state", "obstacle", "planned_at", "sent_at", "answered_at"],
        "whatsapp.conversation": ["company_id", "team_id", "user_id", "sender_id", "lead_id", "lead_at"],
        "whatsapp.sender": ["assistant_id", "is_simulator"],
        "crm.lead": ["won_status"],
    }

    followup_id = fields.Many2one("whatsapp.followup", string="Follow-up", readonly=True)
    conversation_id = fields.Many2one("whatsapp.conversation", readonly=True)
    date = fields.Datetime(readonly=True, help="When it was sent, or planned for.")
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    sender_id = fields.Many2one("whatsapp.sender", readonly=True)
    assistant_id = fields.Many2one("whatsapp.assistant", readonly=True)
    hours = fields.Integer(string="Hours of Silence", readonly=True, aggregator=None)
    state = fields.Selection(STATES, readonly=True)
    obstacle = fields.Selection(OBSTACLES, string="Cancelled Because", readonly=True)
    lead_id = fields.Many2one("crm.lead", readonly=True)
    sent_count = fields.Integer(string="Sent", readonly=True)
    answered_count = fields.Integer(string="Answered", readonly=True)
    answered_rate = fields.Float(string="Answered (Rate)", readonly=True, aggregator="avg", help="Of those sent.")
    minutes_to_answer = fields.Float(string="Minutes to Answer", readonly=True, aggregator="avg")
    lead_count = fields.Integer(
        string="Leads", readonly=True, help="Made after the customer had answered; each by its last follow-up."
    )
    won_count = fields.Integer(string="Sales", readonly=True, help="Of these leads, those that are won.")

    @property
    def _table_query(self):
        made = SQL(
            """followup.state = 'answered' AND conversation.lead_at >= followup.answered_at
               AND NOT EXISTS (SELECT 1 FROM whatsapp_followup later
                                WHERE later.conversation_id = followup.conversation_id AND later.id > followup.id
                                  AND later.answered_at <= conversation.lead_at)"""
        )
        return SQL(
            """SELECT followup.id, followup.id AS followup_id, followup.conversation_id,
                      COALESCE(followup.sent_at, followup.planned_at) AS date, conversation.company_id,
                      conversation.team_id, conversation.user_id, conversation.sender_id, sender.assistant_id,
                      followup.hours, followup.state, followup.obstacle, lead.id AS lead_id,
                      (followup.sent_at IS NOT NULL)::int AS sent_count,
                      (followup.answered_at IS NOT NULL)::int AS answered_count,
                      CASE WHEN followup.sent_at IS NOT NULL THEN (followup.answered_at IS NOT NULL)::int::float END
                      AS answered_rate,
                      EXTRACT(EPOCH FROM followup.answered_at - followup.sent_at) / 60 AS minutes_to_answer,
                      (%(made)s)::int AS lead_count,
                      (%(made)s AND lead.won_status = 'won')::int AS won_count
                 FROM whatsapp_followup followup
                 JOIN whatsapp_conversation conversation ON conversation.id = followup.conversation_id
                 JOIN whatsapp_sender sender ON sender.id = conversation.sender_id
            LEFT JOIN crm_lead lead ON lead.id = conversation.lead_id
                WHERE sender.is_simulator IS NOT TRUE""",
            made=made,
        )
