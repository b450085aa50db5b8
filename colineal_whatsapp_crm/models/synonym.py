from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import accent_insensitive
from ..understanding.grammar import is_feminine, pluralize
from ..understanding.text import fold
from ..understanding.vocabulary import MOST_WORDS, find_fault, is_list

_MOST_SHOWN = 80


class WhatsappSynonym(models.Model):
    """One other word that customers use for a product or a city, with the forms that a reply needs of it."""

    _name = "whatsapp.synonym"
    _inherit = ["whatsapp.access.mixin", "whatsapp.compiled.mixin"]
    _description = "What customers also call it"
    _order = "id"
    _writable_fields = {"sales_team.group_sale_manager": {"name", "plural", "gender", "interest_id", "city_id"}}

    name = accent_insensitive.Char(
        required=True, help="One word or name, as customers write it; a list is several synonyms."
    )
    interest_id = fields.Many2one("whatsapp.interest", index=True, ondelete="cascade")
    city_id = fields.Many2one("whatsapp.city", index=True, ondelete="cascade")
    plural = fields.Char(
        compute="_compute_forms",
        store=True,
        readonly=False,
        help="By the rules of Spanish; correct it where they are wrong. It is understood as well.",
    )
    gender = fields.Selection(
        [("m", "Masculine"), ("f", "Feminine")],
        compute="_compute_forms",
        store=True,
        readonly=False,
        help="Which article a reply says it with.",
    )

    _interest_uniq = models.UniqueIndex("(interest_id, name) WHERE interest_id IS NOT NULL", "It is listed already.")
    _city_uniq = models.UniqueIndex("(city_id, name) WHERE city_id IS NOT NULL", "It is listed already.")
    _of_one_thing = models.Constraint(
        "CHECK(num_nonnulls(interest_id, city_id) = 1)", "A synonym is of one product or of one city."
    )

    @api.depends("name", "interest_id")
    def _compute_forms(self):
        for synonym in self:
            name = (synonym.name or "").strip()
            of_product = name and not synonym.city_id
            synonym.plural = pluralize(name) if of_product else False
            synonym.gender = (
                ("f" if is_feminine(name, synonym.interest_id.gender == "f") else "m") if of_product else False
            )

    @api.constrains("name", "plural")
    def _check_name(self):
        for synonym in self:
            if fault := synonym._explain_fault():
                raise ValidationError(fault)

    @api.constrains("name", "interest_id", "city_id")
    def _check_meaning(self):
        """A word means one thing: what it meant before would be forgotten without a word."""
        for owner in ("interest_id", "city_id"):
            others = self.env[self._fields[owner].comodel_name].search([])
            meanings = {}
            for other in others:
                for word in (other.name, *other._get_synonyms()):
                    meanings.setdefault(fold(word or ""), []).append(other)
            for synonym in self.filtered(owner):
                for other in meanings.get(fold(synonym.name), []):
                    if other != synonym[owner]:
                        raise ValidationError(
                            self.env._("“%(word)s” means %(other)s already.", word=synonym.name, other=other.name)
                        )

    def _explain_fault(self):
        """Why the assistant cannot know it, in words; empty when it can."""
        self.ensure_one()
        for phrase in filter(None, (self.name, self.plural)):
            if is_list(phrase):
                return self.env._(
                    "“%s” is a list. Add each of its words by itself: only then is each of them understood.",
                    phrase[:_MOST_SHOWN],
                )
            fault, what = find_fault((phrase,), MOST_WORDS)
            if fault:
                return self.env["whatsapp.assistant"]._explain_phrases(fault, what, MOST_WORDS)
        return "" if (self.name or "").strip() else self.env._("It needs a name that can be read.")
