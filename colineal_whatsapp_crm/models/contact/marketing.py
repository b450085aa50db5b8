from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError

from ...gateway.failure_text import mark as _lt
from ...gateway.message_states import NOT_SENT
from ...lib.clock import utcnow

_DAY = timedelta(days=1)

#: WhatsApp chose not to deliver advertising; another try at once would fare no better.
#: https://www.twilio.com/docs/api/errors/63049
_LIMITED_CODE = "63049"


class WhatsappContact(models.Model):
    """How much advertising a person gets: none against their will, and not more than the shop and WhatsApp allow."""

    _inherit = "whatsapp.contact"

    no_marketing_at = fields.Datetime(
        string="Wants No Advertising Since",
        readonly=True,
        copy=False,
        help="The customer has switched it off in WhatsApp; other messages go.",
    )

    def action_allow_marketing(self):
        """The customer said that they want advertising again."""
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales administrators may advertise again to who wanted none."))
        self._checked_sudo("write").no_marketing_at = False

    def _get_marketing_fault(self, sender, with_waiting=False):
        """Why no advertising goes to this person now, to be kept: see `gateway.failure_text`; None where it may.

        sender
            that would send it, whose limit counts.
        with_waiting
            whether what waits to be sent counts as well.
        """
        self.ensure_one()
        if self.no_marketing_at:
            return _lt("The customer does not want advertising on WhatsApp; other messages go.")
        lines = self.env["whatsapp.conversation.message"].sudo()
        mine = [("conversation_id.contact_id", "=", self.id), ("is_marketing", "=", True)]
        limited = [("error_code", "=", _LIMITED_CODE), ("state", "=", "failed"), ("sent_at", ">", utcnow() - _DAY)]
        if lines.search_count([*mine, *limited], limit=1):
            return _lt(
                "WhatsApp did not deliver advertising to this customer within the last 24 hours: wait a day before the next."
            )
        most = sender._get_bounded("marketing_per_day")
        sent = [("sent_at", ">", utcnow() - _DAY), ("state", "not in", ("queued", *NOT_SENT))]
        count = lines.search_count([*mine, *sent])
        if with_waiting:
            count += lines.search_count([*mine, ("state", "=", "queued")])
        if count >= most:
            return _lt("The customer has had as much advertising in 24 hours as the sender allows.")
        return None
