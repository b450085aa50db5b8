from datetime import timedelta

from odoo import api, fields, models

from ..gateway.failure_text import FailureText
from ..gateway.failure_text import mark as _lt
from ..lib import errors
from ..lib.clock import utcnow

#: How long calls are kept, for the statistics.
_KEPT_DAYS = 180

#: What may go wrong with a call: `llm.client.ModelError`'s kinds.
FAILURES = {
    "key": _lt("The API key is missing or refused"),
    "model": _lt("The model does not exist (any more)"),
    "quota": _lt("Too many calls"),
    "refused": _lt("The request was refused"),
    "busy": _lt("The service failed or is overloaded"),
    "timeout": _lt("No answer in time"),
    "network": _lt("The service was not reached"),
    "blocked": _lt("The answer was held back"),
    "cut": _lt("The answer was incomplete"),
    "garbled": _lt("The answer was not readable"),
    "budget": _lt("The day's limit is reached"),
    "resting": _lt("Left alone after failures"),
    "sdk": _lt("The SDK is not installed"),
}

#: Why a draft was not sent: `llm.drafting.find_fault`, or what went wrong with its call.
FAULTS = FAILURES | {
    "length": _lt("It is too long"),
    "placeholder": _lt("A placeholder is left in it"),
    "hidden": _lt("It hides something"),
    "link": _lt("It leads elsewhere"),
    "language": _lt("It is in another language"),
    "figure": _lt("It has figures of its own"),
    "promise": _lt("It promises something"),
    "sensitive": _lt("It says something sensitive"),
    "question": _lt("It asks other questions"),
    "topic": _lt("It is about something else"),
    "echo": _lt("It repeats the customer"),
    "request": _lt("It asks for more than it should"),
}


class WhatsappModelCall(models.Model):
    """One call of a language model: what it was for, what it took, and what went wrong. No word of any customer."""

    _name = "whatsapp.model.call"
    _inherit = "whatsapp.access.mixin"
    _description = "Model Call"
    _order = "id desc"
    _rec_name = "purpose"

    assistant_id = fields.Many2one("whatsapp.assistant", required=True, ondelete="cascade", index=False)
    classification_id = fields.Many2one(
        "whatsapp.classification", string="Turn", ondelete="set null", index="btree_not_null"
    )
    company_id = fields.Many2one(related="classification_id.company_id")
    purpose = fields.Selection(
        [
            ("read", "Read a message"),
            ("listen", "Listen to a voice note"),
            ("look", "Look at a photo"),
            ("word", "Word a reply"),
            ("translate", "Translate a message"),
        ],
        required=True,
    )
    model = fields.Char(required=True)
    version = fields.Char(string="Prompt Version")
    latency_ms = fields.Float(string="Latency (ms)", aggregator="avg")
    tokens_in = fields.Integer(string="Tokens Read")
    tokens_out = fields.Integer(string="Tokens Written")
    cost = fields.Float(string="Cost (USD)", digits=(16, 6))
    failure = fields.Selection(list(FAILURES.items()))
    fault = FailureText(words=FAULTS, help="Why a drafted reply was not good enough to send.")

    _usage_index = models.Index("(assistant_id, create_date)")

    @api.depends("purpose")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["purpose"]._description_selection(self.env))
        for call in self:
            call.display_name = labels.get(call.purpose, False)

    @api.model
    def _log_calls(self, assistant, turn, calls, fault=""):
        """Keep the calls (`llm.client.Call`) that a turn or its reply took."""
        if not calls:
            return
        if worded := [call for call in calls if call.purpose in ("word", "translate")]:
            # What reading took is on the turn from the first.
            turn = turn.sudo()
            turn.tokens += sum(call.tokens_in + call.tokens_out for call in worded)
            turn.cost += sum(assistant._get_cost(call) for call in worded)
        self.sudo().create(
            [
                {
                    "assistant_id": assistant.id,
                    "classification_id": turn.id,
                    "purpose": call.purpose,
                    "model": assistant.model_name,
                    "version": call.version,
                    "latency_ms": call.seconds * 1000,
                    "tokens_in": call.tokens_in,
                    "tokens_out": call.tokens_out,
                    "cost": assistant._get_cost(call),
                    "failure": call.failure or False,
                    "fault": fault,
                }
                for call in calls
            ]
        )
        assistant._update_alert(calls)

    @api.model
    def _summarize(self, assistant, reading):
        """What the classification keeps of a reading's calls."""
        return {
            "provider": reading.reader,
            "model": reading.model,
            "prompt_version": reading.version,
            "tokens": sum(call.tokens_in + call.tokens_out for call in reading.calls),
            "cost": sum(assistant._get_cost(call) for call in reading.calls),
            # The service's own words may repeat what it was asked.
            "fallback": errors.scrub(reading.failure, reading.media_text.values()) or False,
        }

    @api.autovacuum
    def _gc_old_calls(self):
        self.search([("create_date", "<", utcnow() - timedelta(days=_KEPT_DAYS))], limit=10000).unlink()
