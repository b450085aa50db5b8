from datetime import timedelta

from odoo import api, fields, models

from ...gateway import delivery
from ...lib.clock import utcnow

#: Twilio may know the price of a message only days after it went.
_SETTLING = timedelta(days=3)

#: Of how many days prices are asked for at first, and at most.
_LOOK_BACK = timedelta(days=31)


class WhatsappSender(models.Model):
    """Asking Twilio what messages cost."""

    _inherit = "whatsapp.sender"

    prices_fetched_at = fields.Datetime(
        string="Last Asked for Prices", readonly=True, copy=False, help="When Twilio last told what messages cost."
    )

    @api.model
    def _cron_fetch_prices(self):
        self.env["whatsapp.job.failure"]._run_each("prices", self.search([]), type(self)._fetch_prices)

    def _fetch_prices(self):
        """Keep what Twilio asks for this sender's messages. Raises `DeliveryError`."""
        self.ensure_one()
        credentials = self._get_credentials()
        if not credentials:
            return
        now = utcnow()
        since = now - _LOOK_BACK
        if self.prices_fetched_at:
            since = max(since, self.prices_fetched_at - _SETTLING)
        prices = delivery.list_prices(credentials, self.number, since, self.messaging_service_sid or None)
        self.env["whatsapp.conversation.message"]._store_prices(self, prices)
        self.prices_fetched_at = now
