from datetime import UTC, timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from pytz import timezone

#: WhatsApp's 24 hours begin with the customer's last message, and so does the silence: what is planned within these is let
#: through, with an hour to spare for an outbox that is held up.
_LONGEST_HOURS = 23

#: A template goes at any time, and within so many days after its hours where the shop is closed then.
_LONGEST_HOURS_OF_TEMPLATE, _OPEN_WITHIN = 30 * 24, timedelta(days=7)

#: The conversations that a rule is for, by their quality.
_QUALITIES = {"promising": ("hot", "warm"), "hot": ("hot",), "warm": ("warm",), "any": ("hot", "warm", "cold", False)}


class WhatsappFollowupRule(models.Model):
    """When the assistant writes once more to a customer who does not answer."""

    _name = "whatsapp.followup.rule"
    _inherit = ["whatsapp.access.mixin", "whatsapp.compiled.mixin"]
    _description = "Follow-up Rule"
    _order = "hours, id"
    _rec_name = "hours"
    _writable_fields = {"sales_team.group_sale_manager": {"assistant_id", "hours", "quality", "template_id"}}

    assistant_id = fields.Many2one("whatsapp.assistant", required=True, ondelete="cascade", index=True)
    hours = fields.Integer(
        string="Hours of Silence",
        bounds=(1, _LONGEST_HOURS_OF_TEMPLATE),
        default=4,
        required=True,
        help="After the customer's last message. While the shop is closed it waits for the opening, where WhatsApp still "
        "lets it through then.",
    )
    template_id = fields.Many2one(
        "whatsapp.content.template",
        ondelete="set null",
        domain=[("state", "=", "approved")],
        help="Sent in place of the assistant's words, and the only thing that goes after 24 hours.",
    )
    quality = fields.Selection(
        [("promising", "Hot or warm"), ("hot", "Hot"), ("warm", "Warm"), ("any", "Any quality")],
        default="promising",
        required=True,
    )

    _rule_uniq = models.Constraint(
        "UNIQUE(assistant_id, hours, quality)", "There is a follow-up for this silence and quality already."
    )

    @api.constrains("hours", "template_id")
    def _check_template(self):
        for rule in self:
            if _LONGEST_HOURS < rule.hours <= _LONGEST_HOURS_OF_TEMPLATE and not rule.template_id:
                raise ValidationError(
                    self.env._(
                        "After %s hours of silence only a template still goes: choose one, or fewer hours.",
                        _LONGEST_HOURS,
                    )
                )

    @api.depends("hours", "quality")
    @api.depends_context("lang")
    def _compute_display_name(self):
        qualities = dict(self._fields["quality"]._description_selection(self.env))
        for rule in self:
            rule.display_name = self.env._(
                "%(hours)s h of silence, %(quality)s", hours=rule.hours, quality=qualities.get(rule.quality, "")
            )

    @tools.ormcache("assistant_id")
    def _get_ids(self, assistant_id):
        """The ids of an assistant's rules, in the order in which they come: few, asked for at every turn."""
        return tuple(self.sudo().search([("assistant_id", "=", assistant_id)]).ids)

    def _fits(self, conversation):
        """Whether the rule is for a conversation of this quality."""
        self.ensure_one()
        return conversation.quality in _QUALITIES.get(self.quality, ())

    def _get_moment(self, conversation):
        """When a conversation is to be followed up, as naive UTC: within the working hours. None where WhatsApp's 24
        hours end before, unless it is a template that goes.
        """
        self.ensure_one()
        begin = conversation.last_inbound_at + timedelta(hours=self._get_bounded("hours"))
        if self.template_id:
            end = begin + _OPEN_WITHIN
        else:
            # With the same hour to spare as the longest silence leaves.
            end = conversation.last_inbound_at + timedelta(hours=_LONGEST_HOURS)
        assistant, company = conversation.assistant_id, conversation.company_id.sudo()
        calendar, zone = assistant.resource_calendar_id, None
        if not calendar:
            # Nobody chose these hours for the shop: its own clock shows them, whatever zone they were made in.
            calendar, zone = company.resource_calendar_id, timezone(company._get_whatsapp_timezone())
        if not calendar:
            return begin
        # The last moment counts as well.
        until = end + timedelta(minutes=1)
        opening = assistant._find_opening(calendar, begin.replace(tzinfo=UTC), [until.replace(tzinfo=UTC)], zone)
        return opening and opening.astimezone(UTC).replace(tzinfo=None)
