from odoo import api, fields, models
from odoo.fields import Domain

from ...gateway.failure_text import FailureText
from ...understanding.schema import Closing, Reason
from ..assistant.base import PROVIDERS
from ..conversation.base import ACTIONS, QUALITIES, format_budget
from ..model_call import FAILURES


class WhatsappClassification(models.Model):
    """One turn: what the customer's unread messages were understood to say, what was decided, and why."""

    _name = "whatsapp.classification"
    _inherit = ["whatsapp.access.mixin", "whatsapp.simulated.mixin"]
    _description = "Analysed Turn"
    _real_domain = Domain("conversation_id", "any!", [("is_simulated", "=", False)])
    _order = "id desc"
    _rec_name = "action"

    conversation_id = fields.Many2one("whatsapp.conversation", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="conversation_id.company_id")
    message_ids = fields.One2many("whatsapp.conversation.message", "classification_id", string="Messages")
    provider = fields.Selection(PROVIDERS, string="Read By", required=True, help="What read the messages.")
    model = fields.Char()
    prompt_version = fields.Char()
    tokens = fields.Integer()
    cost = fields.Float(string="Cost (USD)", digits=(16, 6))
    fallback = FailureText(words=FAILURES, help="Why the rules read the messages in the model's place.")
    slots = fields.Json(help="All that was known after this turn, with the words that said it.")
    support = fields.Boolean(help="The turn is about after-sales.")
    inquired = fields.Boolean(help="A price or a delivery was asked about, in this turn or before.")
    language = fields.Char()
    questions = fields.Json(help="What the customer asked that deserves an answer.")
    courtesies = fields.Json(help="Greeting, thanks, farewell.")
    quality = fields.Selection(QUALITIES, required=True)
    completeness = fields.Float(aggregator="avg")
    confidence = fields.Float(
        aggregator="avg", help="How likely nothing was misread, in this turn and those before it."
    )
    turn_confidence = fields.Float(
        aggregator="avg", help="How likely nothing was misread in this turn, whatever was before it."
    )
    action = fields.Selection(ACTIONS, required=True)
    reasons = fields.Json(help="Why, as codes; see Explanation for words.")
    explanation = fields.Text(compute="_compute_explanation")
    latency_ms = fields.Float(string="Latency (ms)", aggregator="avg")

    _conversation_index = models.Index("(conversation_id, id)")

    @api.depends("action")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["action"]._description_selection(self.env))
        for turn in self:
            turn.display_name = labels.get(turn.action, False)

    @api.depends("reasons", "right_reasons")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for turn in self:
            turn.explanation = turn._explain_all(
                [Reason(*reason) for reason in turn.right_reasons or turn.reasons or []]
            )

    def _explain_all(self, reasons):
        # The quality has a field of its own beside the explanation.
        lines = [self._explain(reason) for reason in reasons if reason.code not in ("quality", "missing")]
        names = self._subject_names()
        if missing := [names.get(reason.subject, reason.subject) for reason in reasons if reason.code == "missing"]:
            lines.append(self.env._("missing: %s", ", ".join(missing)))
        return "\n".join(lines)

    def _rests_on(self, code):
        """Whether a reason of this code is among those for the decision."""
        self.ensure_one()
        return any(reason[0] == code for reason in self.reasons or [])

    def _says_nothing(self):
        """Whether the conversation's last turn told nothing new of what is wanted, and asked nothing."""
        if not self or self != self.conversation_id.classification_id or self.action == "transfer_to_support":
            return False
        before = self.conversation_id._get_turn_before()
        return not self.questions and (self.slots or {}) == (before.slots or {})

    def _explain(self, reason):
        """One reason as a short sentence in the reader's language."""
        subject = self._subject_names().get(reason.subject, reason.subject)
        match reason.code:
            case "known":
                return f"{subject}: {self._get_detail(reason)}"
            case "support":
                return self.env._("it is about after-sales, so a person takes over")
            case "lead_exists":
                return self.env._("there is a lead already, which is updated")
            case "insisted":
                return self.env._("the question was asked once; insisting would lose the customer")
            case "automatic":
                return self.env._("an automatic answer, which no person wrote")
            case "repeated":
                return self.env._("the customer has said the same several times")
            case "sale_over":
                return self.env._("the sale is won or lost, and nothing new is wanted")
            case "closed":
                return self._explain_closing(reason)
            case "budget_below":
                return self.env._(
                    "budget below the minimum for %(products)s (%(least)s)",
                    products=self.env["whatsapp.interest"]._get_plural(reason.subject),
                    least=f"${reason.detail}",
                )
            case "minimum_not_met":
                return self.env._("the minimum for a lead is not met")
        return " ".join(filter(None, (reason.code, subject, reason.detail)))

    def _explain_closing(self, reason):
        conversations = self.env["whatsapp.conversation"]
        reasons = dict(conversations._fields["closing_reason"]._description_selection(self.env))
        why = reasons.get(reason.detail, reason.detail).lower()
        if reason.subject == "lost":
            return self.env._("the customer gives it up: %s", why)
        return self.env._("the customer puts it off: %s", why)

    def _get_closing(self):
        """What the customer had decided after this turn, as a `Closing`, or None."""
        return find_closing(self.reasons)

    def _get_detail(self, reason):
        if reason.subject == "budget":
            low, _dash, high = reason.detail.partition("-")
            return format_budget(self.env, int(low or 0), int(high or 0))
        if reason.subject == "urgency":
            return dict(self.env["whatsapp.conversation"]._fields["urgency"]._description_selection(self.env)).get(
                reason.detail, reason.detail
            )
        return reason.detail

    def _subject_names(self):
        return {
            "name": self.env._("name"),
            "email": self.env._("e-mail"),
            "products": self.env._("product"),
            "budget": self.env._("budget"),
            "city": self.env._("city"),
            "urgency": self.env._("urgency"),
            "need": self.env._("need"),
        }


def find_closing(reasons):
    """The customer's decision among reasons as they are stored, as a `Closing`, or None."""
    for code, subject, detail in reasons or ():
        if code == "closed":
            return Closing(subject, detail)
    return None
