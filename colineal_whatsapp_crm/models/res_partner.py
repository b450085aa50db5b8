from odoo import models


class ResPartner(models.Model):
    """A customer who writes for the first time is looked up by number in the whole address book."""

    _inherit = "res.partner"

    _phone_sanitized_index = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")
