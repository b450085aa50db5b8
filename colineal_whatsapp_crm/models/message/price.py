from odoo import api, fields, models
from odoo.tools import split_every

#: Messages looked up at once.
_BATCH = 1000


class WhatsappConversationMessage(models.Model):
    """What a message cost at Twilio, WhatsApp's part included."""

    _inherit = "whatsapp.conversation.message"

    price = fields.Float(
        digits=(16, 5),
        readonly=True,
        copy=False,
        aggregator="sum",
        help="What Twilio asks for it, WhatsApp's part included. Twilio tells it some time after the message went.",
    )
    price_currency_id = fields.Many2one("res.currency", readonly=True, copy=False, index=False)

    @api.model
    def _store_prices(self, sender, prices):
        """Keep what messages of a sender cost: {SID: (amount, currency's code)}, as `gateway.delivery` lists them."""
        codes = {code for _amount, code in prices.values()}
        currencies = self.env["res.currency"].with_context(active_test=False).search([("name", "in", list(codes))])
        currencies = dict(currencies.mapped(lambda currency: (currency.name, currency)))
        for sids in split_every(_BATCH, prices, list):
            rows = self.search_fetch(
                [("sender_id", "=", sender.id), ("sid", "in", sids)], ["sid", "price", "price_currency_id"]
            )
            changed = rows.filtered(lambda row: (row.price, row.price_currency_id.name) != prices[row.sid])
            for (amount, code), found in changed.grouped(lambda row: prices[row.sid]).items():
                if code in currencies:
                    found.write({"price": amount, "price_currency_id": currencies[code].id})
