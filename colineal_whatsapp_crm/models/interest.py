from odoo import api, fields, models

from ..lib import accent_insensitive
from .mixins.bounds import SEQUENCE


class WhatsappInterest(models.Model):
    """One thing the shop sells, under the name it keeps and the names customers use."""

    _name = "whatsapp.interest"
    _inherit = "whatsapp.vocabulary.mixin"
    _description = "Product Interest"
    _order = "sequence, name"
    _rec_names_search = ("name", "plural", "synonyms")
    _writable_fields = {"sales_team.group_sale_manager": {"name", "plural", "gender", "general", "sequence"}}

    name = accent_insensitive.Char(
        required=True, help="The canonical name, as leads and reports show it, in the singular."
    )
    plural = accent_insensitive.Char(
        required=True, help="As the assistant says it in a sentence: «tu interés en sofás»."
    )
    gender = fields.Selection([("m", "Masculine"), ("f", "Feminine")], default="m", required=True)
    general = fields.Boolean(help="Says that something is wanted but not what: the assistant asks further.")
    sequence = fields.Integer(bounds=SEQUENCE, default=10)

    _name_uniq = models.UniqueIndex("(name)", "This interest exists already.")

    def _get_names(self):
        return [self.name or "", self.plural or ""]

    @api.constrains("name", "plural")
    def _check_names(self):
        self._check_words()
