from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from ...understanding.vocabulary import MOST_WORDS, find_fault, is_usable, split_synonyms


class WhatsappVocabularyMixin(models.AbstractModel):
    """A word the assistant knows, with what customers also call it: ``synonym_ids``, which the model defines."""

    _name = "whatsapp.vocabulary.mixin"
    _inherit = ["whatsapp.access.mixin", "whatsapp.compiled.mixin"]
    _description = "WhatsApp Vocabulary"
    _rec_names_search = ("name", "synonyms")
    _writable_fields = {"sales_team.group_sale_manager": {"synonyms", "synonym_ids", "active"}}

    #: As text it is imported and exported, and searched.
    synonyms = fields.Text(
        compute="_compute_synonyms",
        inverse="_inverse_synonyms",
        search="_search_synonyms",
        string="Synonyms as Text",
        help="What customers also write for it, separated by | or commas, or on lines of their own.",
    )
    active = fields.Boolean(default=True)

    @api.depends("synonym_ids.name")
    def _compute_synonyms(self):
        for record in self:
            record.synonyms = "\n".join(record.synonym_ids.mapped("name")) or False

    def _inverse_synonyms(self):
        """Those that stay keep the forms that people gave them."""
        for record in self:
            wanted = split_synonyms(record.synonyms)
            known = {synonym.name: synonym for synonym in record.synonym_ids}
            record.synonym_ids = [
                *(Command.delete(synonym.id) for name, synonym in known.items() if name not in wanted),
                *(Command.create({"name": name}) for name in wanted if name not in known),
            ]

    def _search_synonyms(self, operator, value):
        return [("synonym_ids.name", operator, value)]

    def _get_synonyms(self):
        self.ensure_one()
        return tuple(synonym.name for synonym in self.synonym_ids if synonym.name)

    def _get_names(self):
        """What the record is called by itself, as opposed to what customers also write."""
        self.ensure_one()
        return [self.name or ""]

    @api.constrains("synonym_ids")
    def _check_words(self):
        for record in self:
            if any(not name.strip() for name in record._get_names()):
                raise ValidationError(self.env._("It needs a name that can be read."))
            if fault := record._explain_fault():
                raise ValidationError(fault)

    def _explain_fault(self):
        """Why the assistant cannot know all of these words, in words; empty when it can."""
        self.ensure_one()
        for phrases in (self._get_names(), self._get_synonyms()):
            fault, what = find_fault(phrases, MOST_WORDS)
            if fault:
                return self.env["whatsapp.assistant"]._explain_phrases(fault, what, MOST_WORDS)
        return ""

    def _is_sound(self):
        """Whether the assistant knows all of these words; it leaves out what is too long, and what is too much."""
        self.ensure_one()
        return all(map(is_usable, self._get_names())) and not find_fault(self._get_synonyms(), MOST_WORDS)[0]
