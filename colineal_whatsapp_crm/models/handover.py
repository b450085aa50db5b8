from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib.clock import utcnow
from ..lib.guard import guard

REASONS = [
    ("support", "Support"),
    ("human", "Asked for a person"),
    ("unsure", "Not understood"),
    ("unheard", "Photo, voice note, file, place or card"),
    ("order", "Order from the catalogue"),
    ("hot", "Hot lead"),
    ("lead", "New lead"),
    ("promised", "Promised an answer"),
    ("waiting", "Awaits an answer"),
    ("loop", "Goes round in circles"),
    ("machine", "Automatic answers"),
    ("late", "Messages that came late"),
    ("parked", "Could not be read"),
    ("no_lead", "The lead could not be made"),
    ("left", "The colleague left"),
    ("sms", "SMS"),
]

#: Reasons that are something to do, but no customer who needs a person this minute: somebody gets an activity and nobody
#: is rung. The assistant goes on, and whose conversation and lead it is stays CRM's to say until somebody takes it.
QUIET_REASONS = ("lead", "promised", "machine")

#: Reasons that are about the sale: who gets the lead gets them, and they are over with it.
LEAD_REASONS = ("hot", "lead")


class WhatsappHandover(models.Model):
    """One hand-over of a conversation: why a person was called, who was asked and when, and how it ended."""

    _name = "whatsapp.handover"
    _inherit = ["whatsapp.access.mixin", "whatsapp.simulated.mixin"]
    _description = "WhatsApp Hand-over"
    _real_domain = Domain("conversation_id", "any!", [("is_simulated", "=", False)])
    _order = "id desc"
    _rec_name = "reason"

    conversation_id = fields.Many2one("whatsapp.conversation", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="conversation_id.company_id", store=True, index=True)
    reason = fields.Selection(REASONS, required=True)
    called_at = fields.Datetime(string="Called On", required=True, help="When a person was called.")
    called_by = fields.Many2one("res.users", help="The colleague who handed it over; empty when the assistant did.")
    turn_id = fields.Many2one(
        "whatsapp.classification", ondelete="set null", help="The turn of which the customer is told."
    )
    team_id = fields.Many2one("crm.team")
    user_id = fields.Many2one(
        "res.users", string="Asked", index="btree_not_null", help="Who is waited for, or was last."
    )
    notify_at = fields.Datetime(
        string="Told On", help="When who is waited for is told, where the shop was closed as they were asked."
    )
    asked_at = fields.Datetime(string="Asked On", help="When who is waited for was asked.")
    answer_by = fields.Datetime(string="Passed On At", help="When it goes to the next, unless a person has answered.")
    assigned_lead = fields.Boolean(help="The lead got its salesperson by this hand-over, and is passed on with it.")
    missed_user_ids = fields.Many2many("res.users", "whatsapp_handover_missed_rel", string="Did Not Answer")
    missed_count = fields.Integer(string="Times Passed On", compute="_compute_missed_count", store=True)
    activity_id = fields.Many2one("mail.activity", ondelete="set null", index="btree_not_null")
    ended_at = fields.Datetime(string="Ended On")
    outcome = fields.Selection(
        [
            ("answered", "Answered"),
            ("done", "Ticked off"),
            ("returned", "Back to the assistant"),
            ("closed", "Conversation closed"),
            ("opted_out", "Customer wants no messages"),
            ("replaced", "Called for something else"),
        ],
        help="How it ended; empty while a person is waited for.",
    )
    answered_by = fields.Many2one("res.users", index="btree_not_null", help="Who wrote to the customer.")
    minutes_to_answer = fields.Float(
        string="Minutes to Answer",
        compute="_compute_minutes_to_answer",
        store=True,
        aggregator="avg",
        help="From the call for a person to a person's message; nothing where it ended in another way.",
    )

    _open_uniq = models.UniqueIndex("(conversation_id) WHERE ended_at IS NULL", "A person was called already.")
    _answer_by_index = models.Index("(answer_by) WHERE answer_by IS NOT NULL AND ended_at IS NULL")
    _notify_at_index = models.Index("(notify_at) WHERE notify_at IS NOT NULL AND ended_at IS NULL")

    @api.depends("missed_user_ids")
    def _compute_missed_count(self):
        for handover in self:
            handover.missed_count = len(handover.missed_user_ids)

    @api.depends("called_at", "ended_at", "outcome")
    def _compute_minutes_to_answer(self):
        for handover in self:
            seconds = 0
            if handover.outcome == "answered":
                seconds = (handover.ended_at - handover.called_at).total_seconds()
            handover.minutes_to_answer = seconds / 60 or False

    def _read_group_select(self, aggregate_spec, query):
        """The average of the minutes is of those that were answered: the others are none, not nought."""
        select = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec != "minutes_to_answer:avg":
            return select
        return SQL("%s FILTER (WHERE %s = 'answered')", select, self._field_to_sql(self._table, "outcome", query))

    @api.depends("reason", "user_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for handover in self:
            handover.display_name = " · ".join(filter(None, (reasons.get(handover.reason), handover.user_id.name)))

    def _end(self, outcome, user=None):
        """Nobody is waited for any more.

        outcome
            one of the field's keys.
        user
            who wrote to the customer.
        """
        self.write(
            {
                "ended_at": utcnow(),
                "outcome": outcome,
                "answer_by": False,
                "notify_at": False,
                "answered_by": user.id if user else False,
            }
        )
        tell = self.env["whatsapp.webhook"]._tell
        guard(self.conversation_id, "webhook", tell, "handover.ended", self)
