from odoo import api, fields, models

from ..lib import accent_insensitive


class WhatsappCity(models.Model):
    """A city the assistant recognises, and the ways customers write it."""

    _name = "whatsapp.city"
    _inherit = "whatsapp.vocabulary.mixin"
    _description = "City the assistant knows"
    _order = "name"
    _writable_fields = {"sales_team.group_sale_manager": {"name", "country"}}

    name = accent_insensitive.Char(required=True)
    country = fields.Char(help="ISO code of the country.")

    synonym_ids = fields.One2many("whatsapp.synonym", "city_id", string="Synonyms", copy=True)

    _name_uniq = models.UniqueIndex("(name)", "This city exists already.")

    @api.constrains("name")
    def _check_name(self):
        self._check_words()
