import time

from odoo import api, fields, models

from ...lib.clock import utcnow
from ...lib.languages import with_language_of
from ...lib.routes import REVIEWED_PATH
from ...lib.settings import get_setting
from ...understanding.llm import client
from ...understanding.llm.breaker import get_breaker
from ...understanding.llm.gemini import KEY_VARIABLE, URL_VARIABLE
from ...understanding.llm.reader import ModelReader
from ...understanding.providers import RULES, RulesReader
from ..classification.review import REAL_TURNS

#: A turn's lease in the worker is longer than this.
_MOST_SECONDS = 40

_TEST_SECONDS = 15

#: The day's usage is counted again after this many seconds.
_USAGE_SECONDS = 5

#: About how many characters a token stands for in Spanish.
_TOKEN = 4

_usage = {}


_EXAMPLES_LOOKED_AT = 40


class WhatsappAssistant(models.Model):
    """The language model behind an assistant: which one, how it is reached, what it may cost, and whether it works."""

    _inherit = "whatsapp.assistant"
    _writable_fields = {
        "sales_team.group_sale_manager": {
            "sdk",
            "model_name",
            "temperature",
            "patience_seconds",
            "daily_calls",
            "daily_tokens",
            "price_in",
            "price_out",
            "history_tokens",
            "max_examples",
            "reply_style",
            "reply_length",
            "knowledge",
            "model_below_percent",
        },
        "base.group_system": {"api_key"},
    }

    sdk = fields.Selection(
        [(name, name) for name in client.SDKS],
        string="SDK",
        default="google-generativeai",
        required=True,
        help="The Python package that reaches Gemini. Support for google-generativeai has ended; google-genai is its "
        "successor and is installed separately.",
    )
    model_name = fields.Char(
        string="Model",
        default="gemini-3.5-flash",
        required=True,
        help="As Google names it. Models retire: then this is the place to name another.",
    )
    temperature = fields.Float(
        bounds=(0, 2), default=0.4, help="How freely replies are worded, 0 to 2. Reading is always at 0."
    )
    model_below_percent = fields.Integer(
        bounds=(1, 100),
        string="Ask the Model Below (%)",
        default=100,
        help="A message that the rules read with at least this confidence is not shown to the model, which costs less. "
        "100: every message is.",
    )
    patience_seconds = fields.Integer(
        bounds=(1, _MOST_SECONDS),
        string="Time-out (seconds)",
        default=10,
        help="How long a customer may wait for the model, all calls of a turn together. Then the rules answer.",
    )
    daily_calls = fields.Integer(
        bounds=(0, 10_000_000), string="Calls a Day", help="When they are used up, the rules answer. 0: no limit."
    )
    daily_tokens = fields.Integer(
        bounds=(0, 2_000_000_000), string="Tokens a Day", help="When they are used up, the rules answer. 0: no limit."
    )
    price_in = fields.Float(
        bounds=(0, 10_000), string="Price Read", help="US dollars for a million tokens read, for the cost statistics."
    )
    price_out = fields.Float(
        bounds=(0, 10_000),
        string="Price Written",
        help="US dollars for a million tokens written, for the cost statistics.",
    )
    api_key = fields.Char(
        string="API Key",
        groups="base.group_system",
        copy=False,
        help=f"{KEY_VARIABLE} in Odoo's environment or google_api_key in its configuration file come first.",
    )
    history_tokens = fields.Integer(
        bounds=(0, 20_000),
        string="Tokens of History",
        default=600,
        help="How much of what was said before the model gets to see.",
    )
    max_examples = fields.Integer(
        bounds=(0, 20),
        string="Reviewed Examples",
        default=5,
        help="How many turns that people corrected are shown to the model, of the same company only. They are made of "
        "common words and of the vocabulary's; names, e-mail addresses, cities and sums are replaced by others, and all "
        "else is left out. 0: none.",
    )
    reply_style = fields.Selection(
        [("scripted", "Scripted"), ("natural", "Natural")],
        default="scripted",
        required=True,
        help="Natural: the model words what the assistant has decided to say. A draft that says anything else, or "
        "something the shop has not told the assistant, is not sent; the scripted wording is.",
    )
    reply_length = fields.Integer(
        bounds=(80, 1500), string="Longest Reply", default=400, help="Characters of a natural reply."
    )
    knowledge = fields.Text(
        string="About the Shop",
        help="What the assistant may tell customers, in plain sentences: delivery, payment, warranty, shops. "
        "Natural replies state nothing that is not written here, in the hours or in the address.",
    )
    call_ids = fields.One2many("whatsapp.model.call", "assistant_id", string="Model Calls")
    calls_today = fields.Integer(compute="_compute_usage")
    failures_today = fields.Integer(compute="_compute_usage")
    tokens_today = fields.Integer(compute="_compute_usage")
    cost_today = fields.Float(string="Cost Today (USD)", compute="_compute_usage", digits=(16, 4))
    last_failure = fields.Char(compute="_compute_usage")

    @api.depends_context("lang")
    def _compute_usage(self):
        since = utcnow().replace(hour=0, minute=0, second=0, microsecond=0)
        for assistant in self:
            domain = [("assistant_id", "=", assistant.id), ("create_date", ">=", since)]
            calls = self.env["whatsapp.model.call"].sudo()
            [(count, read, written, cost)] = calls._read_group(
                domain, [], ["__count", "tokens_in:sum", "tokens_out:sum", "cost:sum"]
            )
            failures = [*domain, ("failure", "!=", False)]
            assistant.calls_today = count
            assistant.tokens_today = (read or 0) + (written or 0)
            assistant.cost_today = cost
            assistant.failures_today = calls.search_count(failures)
            last = calls.search(failures, limit=1)
            assistant.last_failure = last and assistant._explain_failure(last.failure)

    def action_test_model(self):
        """Ask whether key and model are good, and say what is wrong in words."""
        self.ensure_one()
        self.check_access("write")
        model = self._get_model()
        try:
            title = model.describe(_TEST_SECONDS)
        except client.ModelError as error:
            message, kind = self._explain_failure(error.kind), "danger"
        else:
            message, kind = self.env._("Gemini answers: the model is “%s”.", title), "success"
            self._resolve_alert()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": kind, "sticky": kind == "danger"},
        }

    def action_view_calls(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("colineal_whatsapp_crm.whatsapp_model_call_action")
        return {**action, "domain": [("assistant_id", "=", self.id)]}

    def action_export_reviewed(self):
        """Download the conversations that people reviewed, for `./dev evaluate` or a spreadsheet."""
        return {"type": "ir.actions.act_url", "url": REVIEWED_PATH, "target": "download"}

    def _get_reader(self, conversation, messages):
        """What reads the next turn of a conversation: a `Reader`, made anew for each turn, of plain values only.

        messages
            the unread messages; what was said before them is the history.
        """
        self.ensure_one()
        if self.provider == RULES:
            return RulesReader()
        return ModelReader(
            self._get_model(),
            self.provider,
            self._get_bounded("patience_seconds"),
            conversation._get_history(messages, self._get_history_characters()),
            self._get_examples(conversation.company_id),
            self._get_bounded("model_below_percent") / 100,
        )

    def _get_model(self):
        """The model for one turn, with the breaker that all turns of this process share."""
        self.ensure_one()
        key = get_setting(KEY_VARIABLE) or self.sudo().api_key or ""
        settings = client.Settings(
            self.sdk, self.model_name, key, get_setting(URL_VARIABLE), self._get_bounded("temperature")
        )
        affordable = self._is_affordable()
        return client.Model(settings, get_breaker((self.env.cr.dbname, self.id, settings)), lambda: affordable)

    def _is_affordable(self):
        """Whether the day's calls and tokens are not used up; as of some seconds ago."""
        if not (self.daily_calls or self.daily_tokens):
            return True
        key = (self.env.cr.dbname, self.id)
        counted_at, calls, tokens = _usage.get(key, (float("-inf"), 0, 0))
        if time.monotonic() - counted_at > _USAGE_SECONDS:
            self.invalidate_recordset(["calls_today", "tokens_today"])
            calls, tokens = self.calls_today, self.tokens_today
            _usage[key] = (time.monotonic(), calls, tokens)
        return not (
            (self.daily_calls and calls >= self.daily_calls) or (self.daily_tokens and tokens >= self.daily_tokens)
        )

    def _get_history_characters(self):
        return self._get_bounded("history_tokens") * _TOKEN

    def _get_cost(self, call):
        return (call.tokens_in * self.price_in + call.tokens_out * self.price_out) / 1_000_000

    # When it does not work

    def _update_alert(self, calls):
        """Tell an administrator once that the model does not work; and take it back when it does again."""
        if not any(call.failure for call in calls):
            if self._get_alert():
                self._resolve_alert()
            return
        lasting = next((call for call in calls if call.failure in client.LASTING), None)
        if lasting or self._get_model().breaker.is_open:
            failed = lasting or next(call for call in calls if call.failure)
            self._alert(failed.failure)

    def _get_alert(self):
        warning = self.env.ref("mail.mail_activity_data_warning")
        return self.activity_ids.filtered(lambda activity: activity.activity_type_id == warning)

    def _alert(self, kind):
        if self._get_alert():
            return
        user = self._get_administrator() or self.env.user
        assistant = with_language_of(self.sudo(), user)
        assistant.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=assistant.env._("The model does not answer: the rules read customers' messages"),
            note=assistant._explain_failure(kind),
            user_id=user.id,
        )

    def _get_administrator(self):
        """Who is told of what only administrators can mend."""
        return self.env.ref("base.group_system").all_user_ids.filtered(lambda user: not user.share).sorted("id")[:1]

    def _resolve_alert(self):
        for alert in self.sudo()._get_alert():
            alert.action_feedback(feedback=with_language_of(alert, alert.user_id).env._("The model answers again."))

    def _explain_failure(self, kind):
        """A kind of `ModelError` in words that say what to do."""
        return {
            client.KEY: self.env._(
                "Google refuses the API key, or there is none. Set %s in Odoo's environment, or the key here.",
                KEY_VARIABLE,
            ),
            client.MODEL: self.env._(
                "Google does not know the model “%s”, or has retired it. Name another one.", self.model_name
            ),
            client.QUOTA: self.env._("The quota of the Google project is used up, or too many calls came at once."),
            client.REFUSED: self.env._("Google refused the request. The model may not support what is asked of it."),
            client.BUSY: self.env._("Gemini is overloaded or failing. It is tried again by itself."),
            client.TIMEOUT: self.env._("Gemini did not answer in time."),
            client.NETWORK: self.env._("Gemini was not reached. Check this server's access to the internet."),
            client.SDK: self.env._("The Python package “%s” is not installed on this server.", self.sdk),
            client.BUDGET: self.env._("The assistant's limit of calls or tokens a day is reached."),
        }.get(kind, self.env._("Gemini gave no usable answer."))

    def _get_examples(self, company):
        """The latest corrected turns that make good examples, at most as many as are wanted.

        Of this company: customers of another that shares the assistant are none of its business.
        """
        self.ensure_one()
        if not self._get_bounded("max_examples"):
            return ()
        turns = self.env["whatsapp.classification"].search(
            [
                ("is_corrected", "=", True),
                *REAL_TURNS,
                ("conversation_id.sender_id.assistant_id", "=", self.id),
                ("conversation_id.company_id", "=", company.id),
            ],
            order="id desc",
            limit=_EXAMPLES_LOOKED_AT,
        )
        examples = []
        for turn in turns:
            if (example := turn._to_example()) and example not in examples:
                examples.append(example)
            if len(examples) == self._get_bounded("max_examples"):
                break
        return tuple(examples)
