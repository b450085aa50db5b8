from odoo import fields, models


class WhatsappSender(models.Model):
    """What of this number's messages stays at Twilio."""

    _inherit = "whatsapp.sender"

    at_twilio = fields.Selection(
        [
            ("keep", "Stay there"),
            ("erased", "Are deleted with those here"),
            ("handled", "Are deleted once they are here"),
        ],
        string="Messages at Twilio",
        default="erased",
        required=True,
        help="Twilio keeps the words and files of every message for years unless it is told to delete them.",
    )
    erasure_count = fields.Integer(string="To Delete at Twilio", compute="_compute_erasure_count")

    def _compute_erasure_count(self):
        counts = dict(
            self.env["whatsapp.twilio.erasure"]._read_group([("sender_id", "in", self.ids)], ["sender_id"], ["__count"])
        )
        for sender in self:
            sender.erasure_count = counts.get(sender, 0)

    def action_view_erasures(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("To Delete at Twilio"),
            "res_model": "whatsapp.twilio.erasure",
            "views": [(False, "list")],
            "domain": [("sender_id", "=", self.id)],
        }
