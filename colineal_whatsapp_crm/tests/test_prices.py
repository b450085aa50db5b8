from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..gateway import delivery
from ..lib.clock import utcnow
from .common import WhatsappCase

LIST_PRICES = "odoo.addons.colineal_whatsapp_crm.gateway.delivery.list_prices"


@tagged("post_install", "-at_install")
class TestPrices(WhatsappCase):
    """What messages cost, as Twilio tells it once a day."""

    def setUp(self):
        super().setUp()
        self.customer("Hola")
        self.line = self.get_conversation().line_ids[:1]
        self.reply = self.get_conversation().line_ids[-1:]
        self.line.sid, self.reply.sid = "SM" + "1" * 32, "SM" + "2" * 32
        self.reply.state = "delivered"
        self.sender.write(
            {"account_sid": "AC" + "1" * 32, "auth_token": "secret", "public_url": "https://odoo.example.com"}
        )

    def fetch(self, prices=None, error=None):
        """Twilio is asked, and tells these prices. Returns since when it was asked."""
        with patch(LIST_PRICES, return_value=prices, side_effect=error) as asked:
            self.run_job("ir_cron_fetch_prices")
        self.env.invalidate_all()
        return asked.call_args and asked.call_args.args[2]

    def test_what_twilio_tells_is_kept(self):
        strange = "SM" + "9" * 32
        self.fetch({self.line.sid: (0.005, "USD"), self.reply.sid: (0.0125, "USD"), strange: (1.0, "USD")})
        self.assertEqual((self.line.price, self.reply.price), (0.005, 0.0125))
        self.assertEqual(self.reply.price_currency_id.name, "USD")
        self.fetch({self.reply.sid: (0.02, "EUR")})
        self.assertEqual((self.reply.price, self.reply.price_currency_id.name), (0.02, "EUR"), "the last word counts")
        self.fetch({self.reply.sid: (7.0, "XQX")})
        self.assertEqual(self.reply.price, 0.02, "a currency that does not exist is none")

    def test_days_before_are_asked_for_again_since_prices_come_late(self):
        now = utcnow()
        self.assertLess(self.fetch({}), now - timedelta(days=30), "at first, a month")
        self.assertTrue(now - timedelta(days=4) < self.fetch({}) < now - timedelta(days=2))
        self.sender.prices_fetched_at = now - timedelta(days=400)
        self.assertGreater(self.fetch({}), now - timedelta(days=32), "what is long over is not asked for")

    def test_sender_without_credentials_asks_nothing(self):
        self.sender.auth_token = False
        self.assertIsNone(self.fetch({}))
        self.assertFalse(self.sender.prices_fetched_at)

    @mute_logger("odoo.addons.colineal_whatsapp_crm.jobs.job_failure")
    def test_refusal_is_seen_and_made_up_for(self):
        self.fetch(error=delivery.DeliveryError("no", delivery.LATER))
        failure = self.env["whatsapp.job.failure"].search([("job", "=", "prices")])
        self.assertEqual((failure.res_id, failure.failures), (self.sender.id, 1))
        self.assertFalse(self.sender.prices_fetched_at)
        failure.retry_at = utcnow() - timedelta(minutes=1)
        self.fetch({self.reply.sid: (0.005, "USD")})
        self.assertFalse(failure.exists())
        self.assertEqual(self.reply.price, 0.005)

    def test_report_sums_by_sender_and_campaign(self):
        campaign = self.env["utm.campaign"].create({"name": "Sofás de noviembre"})
        self.get_conversation().campaign_id = campaign
        self.fetch({self.line.sid: (0.005, "USD"), self.reply.sid: (0.0125, "USD")})
        self.env.flush_all()
        rows = self.env["whatsapp.message.report"]._read_group(
            [("sender_id", "=", self.sender.id)],
            ["campaign_id", "direction"],
            ["message_count:sum", "priced_count:sum", "price:sum"],
        )
        self.assertEqual(
            {(found, way): (count, priced, round(price, 5)) for found, way, count, priced, price in rows},
            {(campaign, "inbound"): (1, 1, 0.005), (campaign, "outbound"): (1, 1, 0.0125)},
        )

    def test_report_counts_what_went_and_what_came(self):
        self.reply.copy({"state": "dropped", "sid": False})
        failed = self.reply.copy({"state": "failed", "sid": "SM" + "3" * 32})
        self.env.flush_all()
        count = self.env["whatsapp.message.report"].search_count
        self.assertEqual(count([("sender_id", "=", self.sender.id)]), 2)
        self.fetch({failed.sid: (0.001, "USD")})
        self.assertEqual(count([("sender_id", "=", self.sender.id)]), 3, "a failed message may cost as well")
