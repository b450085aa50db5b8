from datetime import timedelta

from odoo import api, fields, models

from ..lib import errors
from ..lib.clock import utcnow

#: How long calls are kept, for the statistics.
_KEPT_DAYS = 180


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
        ],
        required=True,
    )
    model = fields.Char(required=True)
    version = fields.Char(string="Prompt Version")
    latency_ms = fields.Float(string="Latency (ms)", aggregator="avg")
    tokens_in = fields.Integer(string="Tokens Read")
    tokens_out = fields.Integer(string="Tokens Written")
    cost = fields.Float(string="Cost (USD)", digits=(16, 6))
    failure = fields.Selection(
        [
            ("key", "The API key is missing or refused"),
            ("model", "The model does not exist (any more)"),
            ("quota", "Too many calls"),
            ("refused", "The request was refused"),
            ("busy", "The service failed or is overloaded"),
            ("timeout", "No answer in time"),
            ("network", "The service was not reached"),
            ("blocked", "The answer was held back"),
            ("cut", "The answer was incomplete"),
            ("garbled", "The answer was not readable"),
            ("budget", "The day's limit is reached"),
            ("resting", "Left alone after failures"),
            ("sdk", "The SDK is not installed"),
        ],
    )
    fault = fields.Char(help="Why a drafted reply was not good enough to send.")

    _usage_index = models.Index("(assistant_id, create_date)")

    @api.model
    def _log_calls(self, assistant, turn, calls, fault=""):
        """Keep the calls (`llm.client.Call`) that a turn or its reply took."""
        if not calls:
            return
        if worded := [call for call in calls if call.purpose == "word"]:
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
        assistant._note_calls(calls)

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
