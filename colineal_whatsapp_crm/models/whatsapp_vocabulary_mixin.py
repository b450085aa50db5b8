from odoo import api, fields, models

from ..understanding.vocabulary import split_synonyms


class WhatsappVocabularyMixin(models.AbstractModel):
    """A word the assistant knows, with what customers also call it; changes count from the next message on."""

    _name = "whatsapp.vocabulary.mixin"
    _description = "WhatsApp Vocabulary"

    synonyms = fields.Text(help="What customers also write for it, separated by | or on lines of their own.")
    active = fields.Boolean(default=True)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _get_synonyms(self):
        self.ensure_one()
        return split_synonyms(self.synonyms)
