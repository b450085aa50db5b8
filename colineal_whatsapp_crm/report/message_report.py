from odoo import fields, models
from odoo.tools import SQL

from ..gateway.message_states import SENT
from ..models.message.base import AUTHORS, DIRECTIONS, KINDS
from ..models.template.base import CATEGORIES


class WhatsappMessageReport(models.Model):
    """One row a message on WhatsApp, for pivot and graph: how many go and come, and what they cost."""

    _name = "whatsapp.message.report"
    _description = "WhatsApp Messages Analysis"
    _auto = False
    _rec_name = "conversation_id"
    _order = "date desc, id desc"
    _depends = {
        "whatsapp.conversation.message": [
            "conversation_id",
            "sender_id",
            "direction",
            "author",
            "kind",
            "state",
            "sent_at",
            "create_date",
            "price",
            "price_currency_id",
            "template_id",
        ],
        "whatsapp.content.template": ["category"],
        "whatsapp.conversation": ["company_id", "team_id", "user_id", "campaign_id", "advertisement_id"],
        "whatsapp.sender": ["is_simulator"],
    }

    conversation_id = fields.Many2one("whatsapp.conversation", readonly=True)
    date = fields.Datetime(readonly=True, help="When it came, or was sent.")
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    sender_id = fields.Many2one("whatsapp.sender", readonly=True)
    campaign_id = fields.Many2one(
        "utm.campaign", readonly=True, help="Of the advertisement from which the customer came."
    )
    direction = fields.Selection(DIRECTIONS, readonly=True)
    author = fields.Selection(AUTHORS, readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    template_id = fields.Many2one("whatsapp.content.template", readonly=True)
    category = fields.Selection(CATEGORIES, readonly=True, help="Of the template, by which WhatsApp charges.")
    message_count = fields.Integer(string="Messages", readonly=True)
    priced_count = fields.Integer(string="Of Known Price", readonly=True, help="Twilio tells prices later.")
    price = fields.Float(
        string="Cost", digits=(16, 5), readonly=True, help="What Twilio asks, WhatsApp's part included."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """SELECT message.id, message.conversation_id, COALESCE(message.sent_at, message.create_date) AS date,
                      conversation.company_id, conversation.team_id, conversation.user_id, message.sender_id,
                      conversation.campaign_id, message.direction, message.author, message.kind, message.template_id,
                      template.category, 1 AS message_count,
                      (message.price_currency_id IS NOT NULL)::int AS priced_count, message.price,
                      message.price_currency_id AS currency_id
                 FROM whatsapp_conversation_message message
                 JOIN whatsapp_conversation conversation ON conversation.id = message.conversation_id
                 JOIN whatsapp_sender sender ON sender.id = message.sender_id
            LEFT JOIN whatsapp_content_template template ON template.id = message.template_id
                WHERE sender.is_simulator IS NOT TRUE
                  AND (message.direction = 'inbound' OR message.state IN %(sent)s
                       OR message.price_currency_id IS NOT NULL)""",
            sent=tuple(SENT),
        )
