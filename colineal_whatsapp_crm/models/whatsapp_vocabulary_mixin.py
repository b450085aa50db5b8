from odoo import fields, models

from ..understanding.vocabulary import split_synonyms


class WhatsappVocabularyMixin(models.AbstractModel):
    """A word the assistant knows, with what customers also call it."""

    _name = "whatsapp.vocabulary.mixin"
    _inherit = "whatsapp.compiled.mixin"
    _description = "WhatsApp Vocabulary"

    synonyms = fields.Text(help="What customers also write for it, separated by | or on lines of their own.")
    active = fields.Boolean(default=True)

    def _get_synonyms(self):
        self.ensure_one()
        return split_synonyms(self.synonyms)
