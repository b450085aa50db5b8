import logging
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from babel.dates import format_datetime
from odoo import api, fields, models, tools
from pytz import timezone

from ...lib import accent_insensitive
from ...lib.languages import with_language_of
from ...understanding import Criteria, Vocabulary
from ...understanding.taught import Taught
from ...understanding.vocabulary import STORE_DOMAINS
from ..interest import BUDGETS
from ..mixins.bounds import SEQUENCE

#: What may read the messages.
PROVIDERS = [("rules", "Rules"), ("gemini", "Gemini")]

#: Fields of which something is kept ready in memory.
_COMPILED = {
    "support_keywords",
    "store_domains",
    "opt_out_words",
    "opt_in_words",
    "opening_hours",
    "address",
    "knowledge",
}

#: What a calendar raises that was changed past Odoo's checks: times out of range, a time zone that nobody knows.
_UNUSABLE = (ValueError, TypeError, LookupError, OverflowError)

#: How far ahead to look for the next opening of the shop.
_OPENING_DAYS = 14

#: How far ahead to look when there is none as near: who is closed for the holidays opens again.
_LONGEST_CLOSED_DAYS = 366

_logger = logging.getLogger(__name__)


class Wording(NamedTuple):
    """What the choice among wordings needs of each."""

    id: int
    language: str
    placeholders: frozenset[str]
    fallback: bool


class WhatsappAssistant(models.Model):
    """One playbook: who reads the messages, what makes a lead, how the assistant words what it says, how patient it is."""

    _name = "whatsapp.assistant"
    _inherit = ["whatsapp.access.mixin", "whatsapp.bounds.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "WhatsApp Assistant"
    _order = "sequence, id"
    _writable_fields = {
        "sales_team.group_sale_manager": {
            "name",
            "sequence",
            "active",
            "provider",
            "max_calls",
            "language",
            "follow_language",
            "coalescing_seconds",
            "ttl_days",
            "insist",
            "idle_hours",
            "contact_criterion",
            "interest_criterion",
            "clear_intent",
            "hot_criterion",
            "hot_budget",
            "asks_phone",
            "greeting",
            "warm_name",
            "warm_email",
            "warm_products",
            "warm_budget",
            "warm_inquiry",
            "support_keywords",
            "store_domains",
            "opening_hours",
            "address",
            "resource_calendar_id",
            "wording_ids",
            "followup_rule_ids",
            "preview_conversation_id",
        }
    }

    name = accent_insensitive.Char(required=True)
    sequence = fields.Integer(bounds=SEQUENCE, default=10)
    active = fields.Boolean(default=True)
    provider = fields.Selection(
        PROVIDERS,
        default="rules",
        required=True,
        help="What reads the messages. The rules need no network and are also what others fall back on.",
    )
    max_calls = fields.Integer(
        bounds=(1, 64),
        string="Calls at Once",
        default=32,
        help="How many customers' messages, and replies to them, may be on their way to others at the same time.",
    )
    language = fields.Selection(
        [("es", "Spanish"), ("en", "English"), ("pt", "Portuguese")], default="es", required=True
    )
    follow_language = fields.Boolean(
        string="Answer in the Customer's Language",
        default=True,
        help="Where there is a wording in it; otherwise, or when this is off, in the assistant's own language.",
    )
    coalescing_seconds = fields.Integer(
        bounds=(0, 3600),
        string="Wait for More Messages (seconds)",
        default=3,
        help="How long to let the customer finish typing: a burst of messages gets one answer.",
    )
    ttl_days = fields.Integer(
        bounds=(1, 3650),
        string="Conversation Lifetime (days)",
        default=7,
        help="A customer who writes after more silence than this starts a new conversation.",
    )
    insist = fields.Integer(
        bounds=(0, 10),
        string="Times to Ask for the Budget",
        default=1,
        help="How many times in a row to ask for the budget before the lead is made without it.",
    )
    idle_hours = fields.Integer(
        bounds=(0, 8760),
        string="Lead after Silence (hours)",
        default=24,
        help="A customer who gave a name or a product and then stays silent becomes a warm lead after this long, "
        "unless they came for support alone. 0: never.",
    )

    contact_criterion = fields.Selection(
        [("name", "Name"), ("name_or_email", "Name or e-mail"), ("phone", "The WhatsApp number is enough")],
        string="Contact",
        default="name",
        required=True,
        help="What must be known of the customer before a lead is made.",
    )
    asks_phone = fields.Boolean(
        string="Ask for a Number",
        default=True,
        help="WhatsApp does not show everybody's number. Whose it does not show is asked for one, once, with the lead.",
    )
    interest_criterion = fields.Selection(
        [("specific", "A specific product"), ("any", "Any product"), ("need", "Any stated need")],
        string="Interest",
        default="specific",
        required=True,
        help="What must be known of the purchase before a lead is made.",
    )
    clear_intent = fields.Boolean(
        string="Ask for Budget",
        default=True,
        help="Ask for the budget before a lead is made of a customer who gave contact and interest.",
    )
    hot_criterion = fields.Selection(
        [
            ("any", "Budget or high urgency"),
            ("budget", "Budget"),
            ("urgency", "High urgency"),
            ("all", "Budget and high urgency"),
        ],
        string="Hot With",
        default="any",
        required=True,
        help="What makes a lead hot, beside a name and a specific product.",
    )
    hot_budget = fields.Integer(
        bounds=BUDGETS,
        string="Least Budget for Hot",
        help="A customer whose budget is known and less is not hot, whatever else they say: a warm lead is made. Products "
        "may have a minimum of their own; of several wanted, the lowest counts. 0: any budget will do.",
    )
    warm_name = fields.Boolean(string="Warm With Name", default=True)
    warm_email = fields.Boolean(string="Warm With E-mail", default=True)
    warm_products = fields.Boolean(string="Warm With Product", default=True)
    warm_budget = fields.Boolean(string="Warm With Budget", default=True)
    warm_inquiry = fields.Boolean(
        string="Warm With Inquiry",
        default=True,
        help="A city together with a specific question about a product, the delivery or the price.",
    )
    support_keywords = fields.Text(
        help="Words that mean after-sales in your shop, one a line, beside those the assistant knows."
    )
    store_domains = fields.Text(
        string="Own E-mail Domains",
        default=lambda self: "\n".join(STORE_DOMAINS),
        help="One a line: an address of these is never the customer's.",
    )
    greeting = fields.Selection(
        [
            ("none", "None: it answers at once"),
            ("joined", "Before its first answer, in the same message"),
            ("own", "As a message of its own, before its first answer"),
        ],
        default="none",
        required=True,
        help="Said once a conversation. Its texts are among the wordings.",
    )
    opening_hours = fields.Char(
        string="Hours in Your Words",
        help="Said in place of the working hours, e.g. de lunes a sábado de 9:00 a 19:00. Left empty, the working hours "
        "are told in the customer's language.",
    )
    hours_told = fields.Char(compute="_compute_hours_told", string="Customers Are Told", help="Of the hours.")
    address = fields.Char(
        help="As the assistant says it, e.g. Av. Amazonas N21-147, Quito. Where there are shops, theirs are told."
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        help="What customers are told of the hours, and outside of which they are told once when someone will be there.",
    )
    preview_conversation_id = fields.Many2one(
        "whatsapp.conversation",
        string="Preview With",
        compute="_compute_preview_conversation_id",
        inverse="_inverse_preview_conversation_id",
        help="Whose name, products and city the wordings are shown with. It is not kept.",
    )
    wording_ids = fields.One2many("whatsapp.assistant.wording", "assistant_id", copy=True)
    followup_rule_ids = fields.One2many(
        "whatsapp.followup.rule", "assistant_id", string="Follow-ups", copy=True, help="When it writes first."
    )

    _coalescing_positive = models.Constraint("CHECK(coalescing_seconds >= 0)", "The wait cannot be negative.")
    _calls_positive = models.Constraint("CHECK(max_calls > 0)", "At least one call must be possible.")
    _ttl_positive = models.Constraint("CHECK(ttl_days > 0)", "A conversation must live for at least a day.")
    _insist_positive = models.Constraint("CHECK(insist >= 0)", "The number of times to ask cannot be negative.")
    _idle_positive = models.Constraint("CHECK(idle_hours >= 0)", "The silence cannot be negative.")

    def _compute_preview_conversation_id(self):
        self.preview_conversation_id = False

    def _inverse_preview_conversation_id(self):
        """It is only looked with, on the form as it is open."""

    def action_view_wordings(self):
        """All wordings of this assistant, to filter and edit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "colineal_whatsapp_crm.whatsapp_assistant_wording_action"
        )
        context = {"default_assistant_id": self.id, "default_language": self.language}
        return {**action, "domain": [("assistant_id", "=", self.id)], "context": context}

    def write(self, vals):
        result = super().write(vals)
        if _COMPILED & vals.keys():
            self.env["whatsapp.compiled.mixin"]._forget_compiled()
        return result

    @tools.ormcache("self.id")
    def _get_vocabulary(self):
        """What the shop sells, its cities, words and phrases, compiled; built again when a record changes."""
        return self._compile_vocabulary()

    def _compile_vocabulary(self, addition=None):
        """As `_get_vocabulary`, with an `Addition` to what is stored."""
        self.ensure_one()
        interests = [interest._to_interest() for interest in self.env["whatsapp.interest"].sudo().search([])]
        cities = [city._to_city() for city in self.env["whatsapp.city"].sudo().search([])]
        phrases = [phrase._to_phrase() for phrase in self.env["whatsapp.phrase"].sudo().search([])]
        if addition:
            interests, cities, phrases = addition.apply(interests, cities, phrases)
        return Vocabulary(
            interests=interests,
            cities=cities,
            support_keywords=(self.support_keywords or "").splitlines(),
            store_domains=(self.store_domains or "").splitlines(),
            taught=Taught(phrases),
        )

    def _get_criteria(self):
        """What makes a lead and its quality, for the policy."""
        self.ensure_one()
        contact = {"name": ("name",), "name_or_email": ("name", "email"), "phone": ("name", "phone")}
        hot = {"budget": ("budget",), "urgency": ("urgency",)}
        warm = ("name", "email", "products", "budget", "inquiry")
        return Criteria(
            contact=contact.get(self.contact_criterion, contact["name"]),
            interest=self.interest_criterion,
            clear_intent=self.clear_intent,
            hot=hot.get(self.hot_criterion, ("budget", "urgency")),
            hot_needs_all=self.hot_criterion == "all",
            warm=tuple(name for name in warm if self[f"warm_{name}"]),
            insist=self._get_bounded("insist"),
            general=tuple(self._get_vocabulary().general),
            closings=True,
            hot_budget=self._get_bounded("hot_budget"),
            hot_budgets=self._get_vocabulary().hot_budgets,
        )

    def _get_facts(self, language, city="", company=None, near=None):
        """What the shop has told the assistant, by placeholder, to say in a language.

        city, company
            the customer's, whose nearest shops are told; without a company, none is.
        near
            latitude and longitude of where the customer is, if they have shared it: of several shops, the nearest is told.
        """
        opening = self._get_next_opening()
        shops = self.env["whatsapp.shop"]._get_facts(company, city, language, near) if company else {}
        return {
            "hours": self._describe_hours(language),
            "address": "" if shops else self.address,
            "opening": opening and self._format_opening(opening, language),
            **shops,
        }

    def _describe_hours(self, language):
        return self.opening_hours or self.resource_calendar_id._describe_for_whatsapp(language)

    @api.depends("opening_hours", "language", "resource_calendar_id.attendance_ids")
    def _compute_hours_told(self):
        for assistant in self:
            assistant.hours_told = assistant._describe_hours(assistant.language)

    def _get_next_opening(self):
        """When someone will be there, as an aware datetime; None while someone is, or when no hours are set."""
        if not self.resource_calendar_id:
            return None
        now = datetime.now(UTC)
        ends = (now + timedelta(days=days) for days in (_OPENING_DAYS, _LONGEST_CLOSED_DAYS))
        opening = self._find_opening(self.resource_calendar_id, now, ends)
        return opening if opening and opening > now else None

    def _find_opening(self, calendar, begin, ends, zone=None):
        """The first moment of working hours from `begin` on, as an aware datetime; None where there is none.

        begin
            an aware datetime.
        ends
            how far ahead to look, first to the nearest, as far as need be: aware datetimes.
        zone
            the pytz time zone whose clock shows these hours; the calendar's own by default.

        Hours that cannot be read are none, and an administrator is told.
        """
        try:
            for end in ends:
                intervals = calendar._work_intervals_batch(begin, end, tz=zone)[False]
                if first := next(iter(intervals), None):
                    return first[0]
        except _UNUSABLE:
            _logger.exception("%s cannot be read", calendar)
            reader = with_language_of(self, self._get_administrator() or self.env.user)
            reader._report_faults(reader.env._("The working hours “%s” cannot be read.", calendar.name))
        return None

    def _format_opening(self, opening, language=None):
        local = opening.astimezone(timezone(self.resource_calendar_id.tz or "UTC"))
        pattern = {"es": "EEEE 'a las' H:mm", "en": "EEEE 'at' h:mm a", "pt": "EEEE 'às' H:mm"}
        if opening - datetime.now(UTC) > timedelta(days=6):
            # The bare name of a day is the next of that name.
            pattern = {
                "es": "EEEE d 'de' MMMM 'a las' H:mm",
                "en": "EEEE, MMMM d 'at' h:mm a",
                "pt": "EEEE, d 'de' MMMM, 'às' H:mm",
            }
        language = next((each for each in (language, self.language) if each in pattern), "es")
        return format_datetime(local, pattern[language], tzinfo=local.tzinfo, locale=language)

    @tools.ormcache("self.id", "situation")
    def _get_wordings(self, situation):
        """What may be said in a situation, as `Wording` values in the order of their use."""
        self.ensure_one()
        return tuple(
            Wording(wording.id, wording.language, frozenset(wording._get_placeholders()), wording.fallback)
            for wording in self.wording_ids.filtered(lambda wording: wording.situation == situation)
            if wording._get_text()
        )

    def _pick_wording(self, situation, language, known, used):
        """The wording to use now, or an empty record when there is none for the situation.

        known
            names of the placeholders that have a value; wordings that need others are passed over.
        used
            ids of wordings used before in the conversation, oldest first: the least recently used one is next.
        """
        self.ensure_one()
        fitting = [wording for wording in self._get_wordings(situation) if wording.placeholders <= known]
        for wanted in (language, self.language):
            if spoken := [wording for wording in fitting if wording.language == wanted]:
                break
        spoken = [wording for wording in spoken if not wording.fallback] or spoken
        last_use = {wording: position for position, wording in enumerate(used)}
        chosen = min(spoken, key=lambda wording: last_use.get(wording.id, -1), default=None)
        return self.env["whatsapp.assistant.wording"].browse(chosen and chosen.id)

    partner_id = fields.Many2one("res.partner", string="Author", ondelete="restrict", readonly=True, copy=False)

    def _get_partner(self):
        """Who the assistant is in threads."""
        self.ensure_one()
        if not self.partner_id:
            # Archived, so that nobody writes to it or finds it among customers.
            self.sudo().partner_id = self.env["res.partner"].sudo().create({"name": self.name, "active": False})
        return self.partner_id

    def action_try(self):
        """Play a customer of this assistant."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("colineal_whatsapp_crm.whatsapp_simulator_action")
        return {**action, "context": {"whatsapp_assistant_id": self.id}}
