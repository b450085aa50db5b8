from odoo import fields, models


class WhatsappBenchMessage(models.Model):
    """What the controller that does a single insert inserts."""

    _name = "whatsapp.bench.message"
    _description = "WhatsApp Bench Message"
    _log_access = False

    sid = fields.Char(required=True)
    body = fields.Text()
    parameters = fields.Json()

    _sid_uniq = models.Constraint("UNIQUE(sid)", "This message is already stored.")
