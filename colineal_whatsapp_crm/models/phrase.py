from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import accent_insensitive
from ..understanding.taught import LONGEST, MOST_WORDS, OPT_OUT, Phrase, Taught, find_fault, list_words
from ..understanding.text import Text
from .conversation.closing import CLOSING_REASONS

#: What a phrase says: that nobody is to write any more, or why the customer decides against what was wanted.
KINDS = [(OPT_OUT, "Wants no messages"), *CLOSING_REASONS]


class WhatsappPhrase(models.Model):
    """A phrase by which this shop's customers say something that the assistant would not understand by itself."""

    _name = "whatsapp.phrase"
    _inherit = ["whatsapp.access.mixin", "whatsapp.compiled.mixin"]
    _description = "Phrase of Customers"
    _order = "kind, name"
    _not_compiled = frozenset(("example",))
    _writable_fields = {"sales_team.group_sale_manager": {"name", "kind", "example", "active"}}

    name = accent_insensitive.Char(
        string="Phrase",
        required=True,
        help="As customers write it. Capitals, accents and signs make no difference; each word counts.",
    )
    kind = fields.Selection(
        KINDS,
        string="Says",
        required=True,
        help="A phrase that wants no messages ends them as a whole message, courtesies aside; beside other words the "
        "customer is asked once. The others are understood wherever they stand.",
    )
    example = fields.Char(
        compute="_compute_example",
        store=True,
        readonly=False,
        help="A message that says it, to see how the phrase is meant. Without names or numbers of customers.",
    )
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex("(name)", "This phrase exists already.")

    @api.depends("name")
    def _compute_example(self):
        for phrase in self:
            if not phrase.example or not phrase._is_said_in(phrase.example):
                phrase.example = phrase.name

    @api.constrains("name", "kind", "example")
    def _check_phrase(self):
        for phrase in self:
            if fault := phrase._explain_fault():
                raise ValidationError(fault)

    @api.constrains("name", "active")
    def _check_meaning(self):
        """A phrase says one thing, however it is written."""
        alike = self.search([]).grouped(lambda phrase: _get_words(phrase.name))
        for phrase in self.filtered("active"):
            if others := alike.get(_get_words(phrase.name), phrase) - phrase:
                raise ValidationError(self.env._("“%s” is listed already.", others[0].name))

    def _explain_fault(self):
        """Why the assistant cannot know it, in words; empty when it can."""
        self.ensure_one()
        shown = (self.name or "")[: LONGEST // 2]
        faults = {
            "empty": self.env._("It needs words that can be read."),
            "long": self.env._("“%s…” is too long to be what customers write.", shown),
            "words": self.env._("“%(phrase)s” has more than %(most)s words.", phrase=shown, most=MOST_WORDS),
            "dictates": self.env._("“%s” tells the assistant what to do, which it never hears.", shown),
            "polite": self.env._("“%s” is what everybody says: by itself it says nothing.", shown),
        }
        if fault := find_fault(self.name or ""):
            return faults[fault]
        if len(self.example or "") > 2 * LONGEST:
            return self.env._("The example of “%s” is too long.", shown)
        if self.example and not self._is_said_in(self.example):
            return self.env._("The example does not say “%s”.", shown)
        return ""

    def _is_said_in(self, text):
        self.ensure_one()
        return Taught([self._to_phrase()]).says(text)

    def _to_phrase(self):
        """As the understanding takes it."""
        self.ensure_one()
        return Phrase(self.kind or OPT_OUT, self.name or "")


def _get_words(phrase):
    return tuple(list_words(Text(phrase)))
