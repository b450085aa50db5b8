from datetime import timedelta

from markupsafe import Markup
from odoo import Command, api, fields, models
from odoo.fields import Domain

from ...gateway.address import get_candidates
from ...gateway.failure_text import FailureText
from ...jobs.job_failure import RETRY_MINUTES
from ...lib.clock import utcnow
from ...lib.guard import guard
from .base import WITH_ASSISTANT

#: The text that `x_source` has held in this shop since before this addon; their reports filter on it.
SOURCE = "WhatsApp"

#: Where a lead comes from, as Odoo counts it.
UTM_FIELDS = ("source_id", "medium_id", "campaign_id")

_BATCH = 100

#: Who came for support alone: nothing was asked of a purchase, and no sum named, before or after.
_CAME_FOR_SUPPORT = (
    (Domain("classification_ids.support", "=", True) | Domain("handover_ids.reason", "=", "support"))
    & Domain("classification_ids", "not any", [("inquired", "=", True)])
    & Domain("budget_min", "=", 0)
    & Domain("budget_max", "=", 0)
)

#: Of whom enough is known to become a lead by falling silent. After a sale the name is known already.
_KNOWN_ENOUGH = Domain("product_interest", "!=", False) | (
    Domain("customer_name", "!=", False) & Domain("lead_id", "=", False) & ~_CAME_FOR_SUPPORT
)

#: Stars of the lead by its quality and urgency. CRM shows the most stars first: every hot lead stands before every other.
PRIORITY = {
    "hot": {"high": "3", "medium": "2", "low": "2", False: "2"},
    "warm": {"high": "1", "medium": "1", "low": "0", False: "1"},
    "cold": {"high": "0", "medium": "0", "low": "0", False: "0"},
}


class WhatsappConversation(models.Model):
    """How a conversation becomes a lead, and keeps it up to date."""

    _inherit = "whatsapp.conversation"

    lead_values = fields.Json(readonly=True, copy=False, help="What the assistant last wrote on the lead.")
    lead_failures = fields.Integer(readonly=True, copy=False, help="How often in a row the lead could not be made.")
    lead_retry_at = fields.Datetime(string="Next Try of the Lead", readonly=True, copy=False)
    lead_error = FailureText(readonly=True, copy=False, help="Why the lead could not be made or brought up to date.")

    _lead_retry_index = models.Index("(lead_retry_at) WHERE lead_retry_at IS NOT NULL")

    @api.private
    def create_or_update_lead(self):
        """Create the lead of each conversation, or bring the customer's open one up to date.

        A customer with an open lead from this or another channel keeps that one; after a won or lost one, or with
        none, there is a new one. What a person wrote on a lead is kept: beside the fields of this addon, which follow
        the conversation, only those change that are empty or still as the assistant left them.
        """
        for conversation in self:
            if conversation.lead_retry_at and conversation.lead_retry_at > utcnow():
                # It fails for now, and a person was called: the customer's answer does not wait for another try.
                continue
            guard(conversation, "lead", conversation._make_lead, otherwise=conversation._delay_lead)

    def _make_lead(self):
        self.ensure_one()
        lead = self._find_open_lead()
        is_new, was_hot = not lead, lead.x_quality_score == "hot"
        if lead:
            self._update_lead(lead)
        else:
            lead = self.env["crm.lead"].create(self._prepare_lead_values())
            self.lead_values = self._get_followed_values()
            self._record_tags(lead)
            lead.message_post(body=self._get_analysis(), subtype_xmlid="mail.mt_note")
        self.lead_id = lead
        self._on_lead(lead, is_new, turned_hot=self.quality == "hot" and not was_hot)

    def _on_lead(self, lead, is_new, turned_hot):
        """The lead was made or brought up to date."""
        self._propose_loss(lead)
        if not self.lead_at:
            self.lead_at = utcnow()
        if self.lead_failures:
            self.write({"lead_failures": 0, "lead_retry_at": False, "lead_error": False})
        # Before somebody is looked for: whose customer it is already comes first.
        if lead.user_id and lead.user_id != self.user_id and not self._filter_assignable(self.user_id):
            self.user_id = lead.user_id
        if turned_hot:
            guard(self, "hand_over", self._hand_over, "hot")
        elif is_new:
            guard(self, "hand_over", self._hand_over, "lead")
        if is_new and self.told_phone:
            self._propose_told_number()
        event = "lead.created" if is_new else "lead.updated"
        guard(self, "webhook", self.env["whatsapp.webhook"]._tell, event, self)

    def _delay_lead(self, error):
        """The lead could not be made: a person is called now, and it is tried again later."""
        self.ensure_one()
        minutes = dict(enumerate(RETRY_MINUTES)).get(self.lead_failures)
        retry_at = minutes and fields.Datetime.now() + timedelta(minutes=minutes)
        self.write(
            {
                "lead_failures": self.lead_failures + 1,
                "lead_retry_at": retry_at,
                "lead_error": self._say_error(error),
            }
        )
        if retry_at:
            self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_idle_leads", retry_at)
        guard(self, "hand_over", self._hand_over, "no_lead")

    def action_retry_lead(self):
        """Make the lead now, and say what stands in its way if it cannot be made."""
        conversation = self._checked_sudo("write")._with_its_company()
        conversation.lead_retry_at = False
        conversation._make_lead()

    @api.model
    def _retry_leads(self):
        """Try once more to make the leads that could not be made."""
        due = self.search([("lead_retry_at", "<=", utcnow())], order="lead_retry_at", limit=_BATCH)
        self.env["whatsapp.job.failure"]._run_each("lead", due, type(self)._retry_lead)

    def _retry_lead(self):
        if self.try_lock_for_update() and self.lead_retry_at and self.lead_retry_at <= utcnow():
            self._with_its_company().create_or_update_lead()

    @api.model
    def _cron_make_idle_leads(self):
        """Customers who said who they are or what they want and then fell silent become leads: none is lost.

        Nothing is written to them; a person may.
        """
        self._retry_leads()
        for assistant in self.env["whatsapp.assistant"].search([("idle_hours", ">", 0)]):
            idle = self.search(
                [
                    ("sender_id.assistant_id", "=", assistant.id),
                    ("stage", "in", WITH_ASSISTANT),
                    ("lead_failures", "=", 0),
                    ("is_simulated", "=", False),
                    ("opted_out", "=", False),
                    # Who wants nothing any more is no lead; who has put it off is.
                    ("closing", "!=", "lost"),
                    (
                        "last_inbound_at",
                        "<",
                        fields.Datetime.now() - timedelta(hours=assistant._get_bounded("idle_hours")),
                    ),
                    *_KNOWN_ENOUGH,
                ]
            )
            self.env["whatsapp.job.failure"]._run_each("lead", idle, type(self)._make_idle_lead)

    def _make_idle_lead(self):
        if not self.try_lock_for_update() or (self.lead_id and self._is_open(self.lead_id)):
            return
        conversation = self._with_its_company()
        conversation.create_or_update_lead()
        if conversation.lead_id:
            conversation.write({"stage": "lead", "understanding": {**conversation.understanding, "lead": True}})

    def _find_open_lead(self):
        """The lead this conversation feeds, the customer's last open one of the company, or none."""
        self.ensure_one()
        if self.lead_id and self._is_open(self.lead_id):
            return self.lead_id
        contact = self.contact_id
        # Who has a new number has a new id as well: what ties the two is the person in the address book. Who has shown
        # none may have told anybody's.
        person = contact._get_partner().filtered(lambda partner: contact.phone and not partner.is_company)
        known = person.whatsapp_contact_ids
        ours = known.filtered(lambda other: other.company_id == contact.company_id) | contact
        leads = ours.conversation_ids.lead_id
        if contact.phone:
            same_number = self.env["crm.lead"].search(
                [
                    ("phone_sanitized", "in", get_candidates(contact.phone)),
                    ("company_id", "in", [self.company_id.id, False]),
                ]
            )
            # Not what is somebody's who had the number before.
            leads |= same_number.filtered(
                lambda lead: (
                    not any(
                        contact._is_former_holder(each) for each in lead.whatsapp_conversation_ids.contact_id - ours
                    )
                )
            )
        return leads.filtered(self._is_open).sorted("id")[-1:]

    @staticmethod
    def _is_open(lead):
        return (lead.active or lead.whatsapp_simulated) and not lead.stage_id.is_won

    def _is_of_our_company(self, record):
        """Whether a lead or a team is this company's, or everybody's."""
        return not record.company_id or record.company_id == self.company_id

    def _prepare_lead_values(self):
        contact, team = self.contact_id, self._get_team()
        use_leads = self.env.user.has_group("crm.group_use_lead") and (not team or team.use_leads)
        values = {
            "type": "lead" if use_leads else "opportunity",
            "company_id": self.company_id.id,
            "user_id": self._filter_assignable(self._get_salesperson()).id,
            **self._get_attribution(),
            "description": self._get_description(),
            "country_id": contact._get_country().id,
            "tag_ids": [Command.set(self._find_tags(self._get_tag_names()).ids)],
        }
        if team:
            values["team_id"] = team.id
        if partner := self._get_partner():
            values["partner_id"] = partner.id
        # After partner_id, so that what the customer just wrote stands even where the address book differs.
        values.update({name: value for name, value in self._get_followed_values().items() if value})
        if self.is_simulated:
            # Archived: no pipeline, report, assignment or scoring counts it.
            values.update(whatsapp_simulated=True, active=False, user_id=False, team_id=False)
        return values

    def _update_lead(self, lead, winning=()):
        """Write on the lead what follows the conversation; `winning` fields also over what a person wrote there."""
        followed = self._get_followed_values()
        if self.closing == "lost":
            # What was wanted stays to be seen on a lead that is lost.
            followed = {name: value for name, value in followed.items() if value}
            if not self.product_interest:
                del followed["name"]
        ours = self.lead_values or {}
        values = {
            name: value
            for name, value in followed.items()
            if lead[name] != value
            and (
                (value and (name in winning or name.startswith(("x_", "whatsapp_")) or self._is_empty(lead, name)))
                or self._is_as_left(lead, name, value)
            )
        }
        values.update(self._get_missing_attribution(lead))
        if values or lead != self.lead_id:
            lead.write(values)
            lead.message_post(body=self._get_analysis(), subtype_xmlid="mail.mt_note")
        left = {name: value for name, value in followed.items() if value and lead[name] == value}
        self.lead_values = {**{name: value for name, value in ours.items() if followed.get(name, True)}, **left}
        self._update_tags(lead)

    def _is_empty(self, lead, name):
        """Whether nobody wrote a field of the lead. Every new lead has no stars; one whose stars are gone lost them to
        a person.
        """
        if name == "priority":
            return lead[name] in (False, "0") and name not in (self.lead_values or {})
        return not lead[name]

    def _is_as_left(self, lead, name, value):
        """Whether a field of the lead is still as the assistant wrote it, so that `value` may take its place.

        What is not known (any more) takes the place only of what this conversation wrote itself: what the customer
        said of the same purchase in an earlier one was not taken back.
        """
        own = (self.lead_values or {}) if lead == self.lead_id else {}
        if name in own and lead[name] == own[name]:
            return True
        earlier = lead.whatsapp_conversation_ids - self if value else self.browse()
        return any(
            name in (conversation.lead_values or {}) and lead[name] == conversation.lead_values[name]
            for conversation in earlier
        )

    def _get_team(self):
        """The sales team, as long as it is one of this company's; else the sender's; else none, and CRM's rules decide."""
        return (self._filter_teams(self.team_id) or self._filter_teams(self.sender_id.team_id))[:1]

    def _filter_teams(self, teams):
        """Of teams, those that are there and may look after this company's customers."""
        return teams.sudo().filtered(lambda team: team.active and self._is_of_our_company(team))

    def _get_partner(self):
        """The customer's entry in the address book, as long as it is one that this company uses."""
        return self.contact_id.sudo()._get_partner()

    def _get_attribution(self):
        """Where the customer comes from, by the lead's UTM fields: the advertisement, else WhatsApp itself."""
        source = self.source_id or self.env["utm.mixin"]._find_or_create_record("utm.source", SOURCE)
        known = {"source_id": source, "medium_id": self.medium_id, "campaign_id": self.campaign_id}
        return {name: record.id for name, record in known.items() if record}

    def _get_missing_attribution(self, lead):
        """The UTM fields that a lead is to get: all three or none, since half of one place and half of another is neither.

        What brought the customer is known later than the lead where they tap an advertisement after it was made.
        """
        known = [name for name in UTM_FIELDS if lead[name]]
        if known and (known != ["source_id"] or lead.source_id.name != SOURCE):
            return {}
        return {name: value for name, value in self._get_attribution().items() if lead[name].id != value}

    def _get_followed_values(self):
        """The lead's fields that follow the conversation, as long as no person changes them."""
        return {
            "name": self._get_lead_name(),
            **self._get_contract_values(),
            **self._get_person_values(),
            "priority": PRIORITY[self.quality or "cold"][self.urgency],
            "expected_revenue": self._get_expected_revenue(),
        }

    def _get_contract_values(self):
        return {
            "x_source": SOURCE,
            "x_product_interest": self.product_interest,
            "x_budget_range": self.budget_range,
            "x_ai_confidence": self.confidence,
            "x_quality_score": self.quality,
            "whatsapp_budget": self._get_budget(),
            "whatsapp_urgency": self.urgency,
        }

    def _get_budget(self):
        """The most that the customer named, else the least, in whole dollars; 0 when nothing."""
        return self.budget_max or self.budget_min

    def _get_expected_revenue(self):
        """The budget in whole units of the company's currency; 0 without a budget, or without a rate for dollars.

        By the rate of the day on which the conversation began: the sum changes with the budget, not with the rates.
        """
        budget, dollar, currency = self._get_budget(), self.env.ref("base.USD"), self.company_id.currency_id
        if not budget or currency == dollar:
            return float(budget)
        rates = self.env["res.currency.rate"]
        known = rates.search_count(
            [
                ("currency_id", "in", (dollar + currency).ids),
                ("company_id", "in", [False, self.company_id.root_id.id]),
            ],
            limit=1,
        )
        # Without one, Odoo takes one dollar for one unit of anything.
        return (
            float(round(dollar._convert(budget, currency, self.company_id, self.create_date.date()))) if known else 0.0
        )

    def _get_person_values(self):
        return {
            "contact_name": self.customer_name or self.contact_id.profile_name,
            "phone": self.contact_id._get_call_number(),
            "email_from": self.email,
            "city": self.city,
        }

    def _get_lead_name(self):
        contact = self.contact_id
        who = self.customer_name or contact.profile_name or contact.phone or contact._get_handle()
        what = self.product_interest or self.need
        name = f"{what[:1].upper()}{what[1:]} - {who}" if what else who
        name = name or SOURCE
        return self.env._("Simulated: %s", name) if self.is_simulated else name

    def _get_description(self):
        """The customer's own words, then the analysis."""
        lines = self.line_ids.filtered(lambda line: line.direction == "inbound")
        if closed_at := self.lead_id.date_closed:
            # What was said about the sale before is said there.
            lines = lines.filtered(lambda line: line.create_date > closed_at) or lines
        return Markup("<p><b>%s</b></p><blockquote>%s</blockquote>%s") % (
            self.env._("What the customer wrote"),
            lines._quote_words(),
            self._get_analysis(),
        )

    def _get_analysis(self):
        """The analysis of the last turn as HTML for the lead's chatter and description."""
        turn = self.classification_id
        quality = dict(turn._fields["quality"]._description_selection(self.env))[turn.quality]
        reasons = Markup("").join(Markup("<li>%s</li>") % reason for reason in turn.explanation.splitlines())
        return Markup("<p><b>%s</b></p><p>%s</p><ul>%s</ul>") % (
            self.env._("WhatsApp analysis"),
            self.env._(
                "Quality: %(quality)s · completeness %(completeness)s %% · confidence %(confidence)s %%",
                quality=quality,
                completeness=round(turn.completeness * 100),
                confidence=round(turn.confidence * 100),
            ),
            reasons,
        )
