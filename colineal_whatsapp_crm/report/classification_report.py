from odoo import fields, models
from odoo.tools import SQL

from ..models.assistant.base import PROVIDERS
from ..models.conversation.base import ACTIONS, QUALITIES

_MARKS = ("name", "email", "products", "budget", "city", "urgency", "quality", "action")


class WhatsappClassificationReport(models.Model):
    """How well messages are read: accuracy over the turns that people reviewed, and what became of the leads."""

    _name = "whatsapp.classification.report"
    _description = "Classifier Effectiveness"
    _auto = False
    _rec_name = "classification_id"
    _order = "date desc"

    classification_id = fields.Many2one("whatsapp.classification", string="Turn", readonly=True)
    conversation_id = fields.Many2one("whatsapp.conversation", readonly=True)
    date = fields.Datetime(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    assistant_id = fields.Many2one("whatsapp.assistant", readonly=True)
    provider = fields.Selection(PROVIDERS, string="Read By", readonly=True)
    model = fields.Char(readonly=True)
    prompt_version = fields.Char(readonly=True)
    quality = fields.Selection(QUALITIES, readonly=True)
    action = fields.Selection(ACTIONS, readonly=True)
    lead_id = fields.Many2one("crm.lead", readonly=True)
    lead_outcome = fields.Selection(
        [("won", "Won"), ("lost", "Lost"), ("pending", "Pending")], string="Lead Became", readonly=True
    )
    lead_count = fields.Integer(string="Leads", readonly=True, help="Each lead once, by its conversation's last turn.")
    turn_count = fields.Integer(string="Turns", readonly=True)
    reviewed_count = fields.Integer(string="Reviewed", readonly=True)
    fallback_count = fields.Integer(string="Fallbacks", readonly=True, help="Read by the rules for the model.")
    confidence = fields.Float(readonly=True, aggregator="avg")
    latency_ms = fields.Float(string="Latency (ms)", readonly=True, aggregator="avg")
    tokens = fields.Integer(readonly=True)
    cost = fields.Float(string="Cost (USD)", readonly=True)
    name_right = fields.Float(readonly=True, aggregator="avg")
    email_right = fields.Float(string="E-mail Right", readonly=True, aggregator="avg")
    products_right = fields.Float(readonly=True, aggregator="avg")
    budget_right = fields.Float(readonly=True, aggregator="avg")
    city_right = fields.Float(readonly=True, aggregator="avg")
    urgency_right = fields.Float(readonly=True, aggregator="avg")
    quality_right = fields.Float(readonly=True, aggregator="avg")
    action_right = fields.Float(readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        # NULL where nobody reviewed, or a person knows it from elsewhere: an average passes it over.
        marks = SQL(", ").join(
            SQL(
                "CASE WHEN turn.reviewed AND NOT COALESCE(turn.unjudged, '[]') ? %s THEN %s::int::float END AS %s",
                mark,
                SQL.identifier("turn", f"{mark}_right"),
                SQL.identifier(f"{mark}_right"),
            )
            for mark in _MARKS
        )
        return SQL(
            """SELECT turn.id, turn.id AS classification_id, turn.conversation_id, turn.create_date AS date,
                      sender.company_id, conversation.team_id, conversation.user_id, sender.assistant_id,
                      turn.provider, turn.model, turn.prompt_version, turn.quality, turn.action,
                      lead.id AS lead_id, lead.won_status AS lead_outcome,
                      (turn.id = conversation.classification_id AND lead.id IS NOT NULL)::int AS lead_count,
                      1 AS turn_count, turn.reviewed::int AS reviewed_count,
                      (turn.fallback IS NOT NULL)::int AS fallback_count,
                      turn.confidence, turn.latency_ms, turn.tokens, turn.cost, %s
                 FROM whatsapp_classification turn
                 JOIN whatsapp_conversation conversation ON conversation.id = turn.conversation_id
                 JOIN whatsapp_sender sender ON sender.id = conversation.sender_id
            LEFT JOIN crm_lead lead ON lead.id = conversation.lead_id
                WHERE sender.is_simulator IS NOT TRUE""",
            marks,
        )
