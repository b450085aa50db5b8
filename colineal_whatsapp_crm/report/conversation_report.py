from datetime import timedelta

from odoo import fields, models, tools
from odoo.tools import SQL

from ..lib import accent_insensitive
from ..lib.clock import utcnow
from ..models.conversation.base import ACTIONS, QUALITIES, URGENCIES, WITH_PEOPLE
from ..models.conversation.closing import CLOSING_REASONS, CLOSINGS

#: The actions that ask the customer something.
QUESTIONS = ("ask_clarifying_question", "request_contact_info", "ask_about_interest", "gather_more_details")

#: A customer who has not answered a question for this long has stopped answering: WhatsApp's window is closed then.
SILENCE = timedelta(hours=24)

#: The steps from a first message to a sale, in this order.
FUNNEL = [
    ("1_wrote", "Wrote"),
    ("2_known", "Name or product known"),
    ("3_ready", "Ready for a call"),
    ("4_lead", "Lead"),
    ("5_won", "Won"),
]

WEEKDAYS = [
    ("1", "Monday"),
    ("2", "Tuesday"),
    ("3", "Wednesday"),
    ("4", "Thursday"),
    ("5", "Friday"),
    ("6", "Saturday"),
    ("7", "Sunday"),
]

#: What of a turn a reviewer may find right or wrong.
MARKS = ("name", "email", "products", "budget", "city", "urgency", "quality", "action")


#: What a conversation is about; of one that was given up, what its lead was about.
_WANTED = SQL(
    """COALESCE(NULLIF(conversation.product_interest, ''),
                CASE WHEN conversation.closing = 'lost' THEN lead.x_product_interest END)"""
)


class WhatsappConversationReport(models.Model):
    """One row a conversation, for pivot, graph and dashboard; the simulator's are left out.

    Its counts and moments are columns of the conversation (see `conversation/counters.py`), so that no report reads messages.
    """

    _name = "whatsapp.conversation.report"
    _description = "WhatsApp Conversations Analysis"
    _auto = False
    _rec_name = "conversation_id"
    _order = "date desc, id desc"
    _depends = {
        "whatsapp.conversation": [
            "action",
            "advertisement_id",
            "campaign_id",
            "city",
            "closing",
            "closing_reason",
            "customer_name",
            "first_assistant_at",
            "first_inbound_at",
            "first_person_at",
            "inbound_count",
            "last_inbound_at",
            "last_message_at",
            "lead_answered_at",
            "lead_at",
            "lead_id",
            "outbound_count",
            "person_asked_at",
            "product_interest",
            "quality",
            "stage",
            "team_id",
            "urgency",
            "user_id",
            "waiting_since",
        ],
        "whatsapp.classification": [
            "conversation_id",
            "cost",
            "reviewed",
            "unjudged",
            *(f"{mark}_right" for mark in MARKS),
        ],
        "whatsapp.sender": ["assistant_id", "is_simulator"],
        "whatsapp.assistant": ["resource_calendar_id", "ttl_days"],
        "whatsapp.interest": ["name"],
        "crm.lead": ["source_id", "won_status", "x_product_interest"],
        "res.company": ["resource_calendar_id", "whatsapp_timezone"],
        "resource.calendar": ["tz"],
    }

    conversation_id = fields.Many2one("whatsapp.conversation", readonly=True)
    date = fields.Datetime(string="Begun", readonly=True, help="When the customer wrote the first message.")
    hour = fields.Selection(
        selection="_get_hours", string="Hour of Day", readonly=True, help="In the shop's time zone: see Weekday."
    )
    weekday = fields.Selection(
        WEEKDAYS,
        readonly=True,
        help="In the shop's time zone: that of the assistant's working hours, else of the company's contact, else of the "
        "company's working hours.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    sender_id = fields.Many2one("whatsapp.sender", readonly=True)
    assistant_id = fields.Many2one("whatsapp.assistant", readonly=True)
    stage = fields.Selection(
        selection=lambda self: self.env["whatsapp.conversation"]._fields["stage"]._description_selection(self.env),
        readonly=True,
    )
    progress = fields.Selection(
        [("active", "Active"), ("completed", "Completed"), ("abandoned", "Abandoned")],
        readonly=True,
        help="Completed: it became a lead or was closed. Abandoned: neither, and nobody wrote for the lifetime of a "
        "conversation.",
    )
    reached = fields.Selection(
        FUNNEL,
        string="Got As Far As",
        readonly=True,
        help="Name or product known; both known: ready to be called; lead made; lead won.",
    )
    quality = fields.Selection(QUALITIES, readonly=True)
    urgency = fields.Selection(URGENCIES, readonly=True)
    city = accent_insensitive.Char(readonly=True)
    interest_ids = fields.Many2many(
        "whatsapp.interest",
        relation="whatsapp_conversation_interest",
        column1="conversation_id",
        column2="interest_id",
        string="Product",
        readonly=True,
        help="A conversation about two products counts for each of them, and once in the total.",
    )
    product_interest = accent_insensitive.Char(string="Products", readonly=True)
    action = fields.Selection(ACTIONS, string="Last Action", readonly=True)
    stopped_at = fields.Selection(
        [action for action in ACTIONS if action[0] in QUESTIONS],
        string="Stopped Answering At",
        readonly=True,
        help="The assistant's question that the customer has not answered for 24 hours, while no person wrote. Some of "
        "these became leads by their silence.",
    )
    closing = fields.Selection(CLOSINGS, string="Customer's Decision", readonly=True)
    closing_reason = fields.Selection(CLOSING_REASONS, string="Reason of the Decision", readonly=True)
    lead_id = fields.Many2one("crm.lead", readonly=True)
    lead_outcome = fields.Selection(
        [("won", "Won"), ("lost", "Lost"), ("pending", "Pending")], string="Lead Became", readonly=True
    )
    source_id = fields.Many2one("utm.source", string="Lead Source", readonly=True)

    campaign_id = fields.Many2one(
        "utm.campaign", readonly=True, help="Of the advertisement from which the customer came."
    )
    advertisement_id = fields.Many2one("whatsapp.advertisement", readonly=True)

    lead_rate = fields.Float(
        string="Became a Lead (%)", readonly=True, aggregator="avg", help="The share of conversations with a lead."
    )
    won_rate = fields.Float(
        string="Won (%)", readonly=True, aggregator="avg", help="The share of conversations whose lead was won."
    )
    given_up_rate = fields.Float(
        string="Given Up (%)",
        readonly=True,
        aggregator="avg",
        help="The share of conversations whose customer said that nothing is wanted any more.",
    )
    put_off_rate = fields.Float(
        string="Put Off (%)",
        readonly=True,
        aggregator="avg",
        help="The share of conversations whose customer put it off, and has wanted nothing since.",
    )
    message_count = fields.Integer(string="Messages", readonly=True)
    inbound_count = fields.Integer(string="Messages Received", readonly=True)
    lead_message_count = fields.Float(
        string="Messages per Lead",
        readonly=True,
        aggregator="avg",
        help="Both sides' messages in a conversation with a lead, on average.",
    )
    assistant_seconds = fields.Float(
        string="First Answer by the Assistant (s)",
        readonly=True,
        aggregator="avg",
        help="Average seconds from the customer's first message to the assistant's first.",
    )
    person_minutes = fields.Float(
        string="First Answer by a Person (min)",
        readonly=True,
        aggregator="avg",
        help="Average minutes from when a person was called, or else the customer wrote what nobody had answered, or else "
        "their last message, to a person's first message.",
    )
    answered_rate = fields.Float(
        string="Answered by a Person (%)",
        readonly=True,
        aggregator="avg",
        help="The share of conversations in which a person wrote to the customer.",
    )
    lead_answer_minutes = fields.Float(
        string="Speed to Lead (min)",
        readonly=True,
        aggregator="avg",
        help="Average minutes from the lead to a person's first message to the customer after it.",
    )
    lead_minutes = fields.Float(
        string="Time to Lead (min)",
        readonly=True,
        aggregator="avg",
        help="Average minutes from the customer's first message to the lead.",
    )
    duration_minutes = fields.Float(
        string="Conversation Time (min)",
        readonly=True,
        aggregator="avg",
        help="Average minutes from the first message to the last.",
    )
    right_rate = fields.Float(
        string="Understood Right (%)",
        readonly=True,
        aggregator="avg",
        help="Of what people reviewed: the share that the assistant had right, averaged by conversation.",
    )
    cost = fields.Float(string="Model Cost (USD)", readonly=True)

    def init(self):
        # A relation over the stored text: the products of a conversation without a row for each.
        self.pool.post_init(self._create_interest_view)

    def _create_interest_view(self):
        tools.drop_view_if_exists(self.env.cr, "whatsapp_conversation_interest")
        self.env.cr.execute(
            SQL(
                """CREATE VIEW whatsapp_conversation_interest AS
                   SELECT conversation.id AS conversation_id, interest.id AS interest_id
                     FROM whatsapp_conversation conversation
                LEFT JOIN crm_lead lead ON lead.id = conversation.lead_id
               CROSS JOIN LATERAL unnest(string_to_array(%s, ', ')) AS product(name)
                     JOIN whatsapp_interest interest ON interest.name = product.name""",
                _WANTED,
            )
        )

    def action_open_conversation(self):
        return self.conversation_id._get_form_action()

    def _get_hours(self):
        return [(f"{hour:02}", f"{hour:02}:00") for hour in range(24)]

    @property
    def _table_query(self):
        # What is looked up in other tables is read only where a query asks for it.
        local = SQL(
            """timezone(COALESCE(calendar.tz, company.whatsapp_timezone, company_calendar.tz, 'UTC'),
                        timezone('UTC', conversation.first_inbound_at))"""
        )
        marks = SQL(" + ").join(SQL("%s::int", SQL.identifier("turn", f"{mark}_right")) for mark in MARKS)
        return SQL(
            """SELECT conversation.id, conversation.id AS conversation_id, conversation.first_inbound_at AS date,
                      to_char(%(local)s, 'HH24') AS hour, to_char(%(local)s, 'ID') AS weekday,
                      conversation.company_id, conversation.team_id, conversation.user_id, conversation.sender_id,
                      sender.assistant_id, conversation.stage,
                      CASE WHEN conversation.stage IN ('lead', 'closed') THEN 'completed'
                           WHEN conversation.last_message_at < %(now)s - GREATEST(LEAST(assistant.ttl_days, 3650), 1) * interval '1 day'
                           THEN 'abandoned'
                           ELSE 'active' END AS progress,
                      CASE WHEN lead.won_status = 'won' THEN '5_won'
                           WHEN conversation.lead_id IS NOT NULL THEN '4_lead'
                           WHEN conversation.customer_name <> '' AND conversation.product_interest <> '' THEN '3_ready'
                           WHEN conversation.customer_name <> '' OR conversation.product_interest <> '' THEN '2_known'
                           ELSE '1_wrote' END AS reached,
                      conversation.quality, conversation.urgency, conversation.city, %(wanted)s AS product_interest,
                      conversation.action,
                      CASE WHEN conversation.action IN %(questions)s
                            AND conversation.stage NOT IN %(with_people)s
                            AND conversation.first_person_at IS NULL AND conversation.waiting_since IS NULL
                            AND conversation.last_inbound_at < %(now)s - %(silence)s
                           THEN conversation.action END AS stopped_at,
                      conversation.closing, conversation.closing_reason,
                      COALESCE(conversation.closing = 'lost', false)::int::float AS given_up_rate,
                      COALESCE(conversation.closing = 'postponed', false)::int::float AS put_off_rate,
                      conversation.lead_id, lead.won_status AS lead_outcome, lead.source_id,
                      conversation.campaign_id, conversation.advertisement_id,
                      (conversation.lead_id IS NOT NULL)::int::float AS lead_rate,
                      COALESCE(lead.won_status = 'won', false)::int::float AS won_rate,
                      conversation.inbound_count,
                      conversation.inbound_count + conversation.outbound_count AS message_count,
                      CASE WHEN conversation.lead_id IS NOT NULL
                           THEN (conversation.inbound_count + conversation.outbound_count)::float
                           END AS lead_message_count,
                      %(assistant_seconds)s AS assistant_seconds,
                      %(person_seconds)s / 60 AS person_minutes,
                      (conversation.first_person_at IS NOT NULL)::int::float AS answered_rate,
                      %(lead_answer_seconds)s / 60 AS lead_answer_minutes,
                      CASE WHEN conversation.lead_id IS NOT NULL THEN %(lead_seconds)s / 60 END AS lead_minutes,
                      %(seconds)s / 60 AS duration_minutes,
                      (SELECT avg((%(marks)s - %(unjudged)s)::float / (%(mark_count)s - %(unjudged)s))
                         FROM whatsapp_classification turn
                        WHERE turn.conversation_id = conversation.id AND turn.reviewed) AS right_rate,
                      (SELECT sum(turn.cost) FROM whatsapp_classification turn
                        WHERE turn.conversation_id = conversation.id) AS cost
                 FROM whatsapp_conversation conversation
                 JOIN whatsapp_sender sender ON sender.id = conversation.sender_id
                 JOIN whatsapp_assistant assistant ON assistant.id = sender.assistant_id
                 JOIN res_company company ON company.id = sender.company_id
            LEFT JOIN resource_calendar calendar ON calendar.id = assistant.resource_calendar_id
            LEFT JOIN resource_calendar company_calendar ON company_calendar.id = company.resource_calendar_id
            LEFT JOIN crm_lead lead ON lead.id = conversation.lead_id
                WHERE sender.is_simulator IS NOT TRUE AND conversation.first_inbound_at IS NOT NULL""",
            local=local,
            wanted=_WANTED,
            now=utcnow(),
            questions=QUESTIONS,
            with_people=WITH_PEOPLE,
            silence=SILENCE,
            marks=marks,
            mark_count=len(MARKS),
            # What a person knows from elsewhere is marked as right, and is no mark.
            unjudged=SQL("jsonb_array_length(COALESCE(turn.unjudged, '[]'))"),
            assistant_seconds=_seconds("first_inbound_at", "first_assistant_at"),
            person_seconds=_seconds("person_asked_at", "first_person_at"),
            lead_answer_seconds=_seconds("lead_at", "lead_answered_at"),
            lead_seconds=_seconds("first_inbound_at", "lead_at"),
            seconds=_seconds("first_inbound_at", "last_message_at"),
        )


def _seconds(begin, end):
    """The SQL of the seconds between two of a conversation's moments; 0 when fractions of a second disagree."""
    return SQL(
        "(CASE WHEN %(end)s < %(begin)s THEN 0 ELSE EXTRACT(EPOCH FROM %(end)s - %(begin)s) END)::float",
        begin=SQL.identifier("conversation", begin),
        end=SQL.identifier("conversation", end),
    )
