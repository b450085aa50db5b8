import csv
from functools import cache
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...lib import accent_insensitive
from ...understanding import templates
from ...understanding.promises import promises
from ..mixins.bounds import SEQUENCE

_SHIPPED = Path(__file__).resolve().parents[2] / "data" / "whatsapp.assistant.wording.csv"

#: What a wording may name, in braces. `the_product` and `of_the_product` come with their article: «la cama», «del sofá».
PLACEHOLDERS = (
    "name",
    "product",
    "products",
    "the_product",
    "of_the_product",
    "budget",
    "city",
    "hours",
    "address",
    "opening",
)


#: Who the preview speaks to. The products are in Spanish in every language, as the vocabulary is.
_EXAMPLE = {
    "name": "María",
    "product": "cama",
    "products": "camas y veladores",
    "the_product": "la cama",
    "of_the_product": "de la cama",
    "budget": "$800 - $1200",
    "city": "Quito",
    "address": "Av. Amazonas N21-147, Quito",
}
_EXAMPLE_TIMES = {
    "es": {"hours": "de lunes a sábado de 9:00 a 19:00", "opening": "lunes a las 9:00"},
    "en": {"hours": "Monday to Saturday from 9 AM to 7 PM", "opening": "Monday at 9:00 AM"},
    "pt": {"hours": "de segunda a sábado das 9:00 às 19:00", "opening": "segunda-feira às 9:00"},
}


#: Situations whose every wording promises that a person will do something, in whatever words. In the others the words
#: tell: «Atendemos de 9 a 18» promises nobody, «te lo confirma un asesor» does.
PROMISING = {
    "create_lead",
    "create_lead_closed",
    "lead_updated",
    "transfer_to_support",
    "not_text",
    "not_heard",
    "not_understood",
    "answer_human",
    "answer_human_closed",
    "answer_waiting",
    "off_hours",
}


class WhatsappAssistantWording(models.Model):
    """One way to say one thing. Several for the same situation are used in turn."""

    _name = "whatsapp.assistant.wording"
    _inherit = ["whatsapp.access.mixin", "whatsapp.compiled.mixin"]
    _description = "Assistant Wording"
    _order = "sequence, id"
    _rec_name = "text"
    _writable_fields = {
        "sales_team.group_sale_manager": {
            "assistant_id",
            "sequence",
            "situation",
            "language",
            "text",
            "fallback",
            "promises",
        }
    }

    assistant_id = fields.Many2one("whatsapp.assistant", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(bounds=SEQUENCE, default=1)
    situation = fields.Selection(
        [
            ("ask_clarifying_question", "Ask how to help"),
            ("ask_about_interest", "Ask for the product"),
            ("request_contact_info", "Ask for the name"),
            ("gather_more_details", "Ask for the budget"),
            ("create_lead", "Confirm: an adviser will call"),
            ("create_lead_closed", "Confirm while the shop is closed: an adviser will call when it opens"),
            ("lead_updated", "Acknowledge more information"),
            ("closing", "Close after thanks"),
            ("closing_lost", "Close when the customer gives up what was wanted"),
            ("closing_postponed", "Close when the customer puts it off"),
            ("transfer_to_support", "Hand over to support"),
            ("not_text", "A photo, voice note or file came without words"),
            ("not_heard", "A voice note could not be understood"),
            ("answer_price", "Asked for a price"),
            ("answer_hours", "Asked for opening hours"),
            ("answer_address", "Asked for the address"),
            ("answer_delivery", "Asked about delivery"),
            ("answer_payment", "Asked about payment"),
            ("answer_warranty", "Asked about the warranty"),
            ("answer_photos", "Asked for photos"),
            ("answer_human", "Asked for a person"),
            ("answer_human_closed", "Asked for a person while the shop is closed"),
            ("answer_several", "Asked several things"),
            ("answer_waiting", "Awaits an answer after the lead"),
            ("not_understood", "Not understood twice: a person takes over"),
            ("off_hours", "The shop is closed"),
            ("opt_out", "The customer wants no more messages"),
            ("confirm_opt_out", "The customer may want no more messages: ask"),
            ("opt_in", "The customer wants messages again"),
            ("privacy_notice", "Privacy notice, said once if the assistant says it"),
        ],
        required=True,
    )
    language = fields.Selection(
        [("es", "Spanish"), ("en", "English"), ("pt", "Portuguese")], default="es", required=True
    )
    text = accent_insensitive.Text(
        required=True,
        help="May use {name}, {product}, {products}, {the_product}, {of_the_product}, {budget}, {city}, {hours}, "
        "{address} and {opening}; used only when each of them is known.",
    )
    fallback = fields.Boolean(string="Only If No Other Fits")
    promises = fields.Boolean(
        string="Promises a Person",
        compute="_compute_promises",
        store=True,
        readonly=False,
        help="A customer who is told this gets a colleague, with an activity. Ticked by itself where the situation or "
        "the words say so; untick it where nobody has to do anything.",
    )
    preview = fields.Char(
        string="Looks Like", compute="_compute_preview", help="With an example customer, and this shop's own facts."
    )

    @api.depends("text", "language", "assistant_id.opening_hours", "assistant_id.address")
    def _compute_preview(self):
        for wording in self:
            assistant = wording.assistant_id
            facts = {"hours": assistant.opening_hours, "address": assistant.address}
            values = {**_EXAMPLE, **_EXAMPLE_TIMES.get(wording.language, _EXAMPLE_TIMES["es"])}
            values.update({name: fact for name, fact in facts.items() if fact})
            if not wording.text:
                wording.preview = False
            elif fault := wording._explain_fault():
                wording.preview = self.env._("This cannot be said: %s", fault)
            else:
                wording.preview = templates.fill(wording.text, values)

    @api.depends("situation", "text")
    def _compute_promises(self):
        for wording in self:
            wording.promises = wording.situation in PROMISING or promises(wording.text or "")

    @api.constrains("text")
    def _check_text(self):
        for wording in self:
            if fault := wording._explain_fault():
                raise ValidationError(fault)

    def _explain_fault(self):
        """Why the text cannot be used, in words; empty when it can."""
        self.ensure_one()
        fault, what = templates.find_fault(self.text or "", PLACEHOLDERS)
        text = templates.cut(self.text or "", 80)
        return {
            "": "",
            "empty": self.env._("The wording says nothing."),
            "braces": self.env._("“%s” has a brace that belongs to no pair.", text),
            "unknown": self.env._(
                "“%(text)s” uses %(unknown)s, which is not known. It may use %(known)s.",
                text=text,
                unknown=what,
                known=", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
            ),
            "long": self.env._(
                "“%(text)s” is too long: it may have at most %(most)s characters, with everything filled in.",
                text=text,
                most=what,
            ),
        }[fault]

    def _is_sound(self):
        """Whether it can be said. One that was saved unchecked cannot always: by an import in SQL, or before checks."""
        self.ensure_one()
        return not templates.find_fault(self.text or "", PLACEHOLDERS)[0]

    def _get_text(self):
        """What is said: this text, or in place of a broken one what is shipped for its situation."""
        self.ensure_one()
        return self.text if self._is_sound() else _get_shipped().get((self.situation, self.language), "")

    def _get_placeholders(self):
        """The names in what is said."""
        return templates.names_in(self._get_text())

    def _render(self, values):
        """What these wordings say, one after the other, with placeholders filled from `values` (strings by name)."""
        filled = (templates.fill(wording._get_text(), values) for wording in self)
        return templates.cut(" ".join(text for text in filled if text), templates.LONGEST_FILLED)


@cache
def _get_shipped():
    """The shipped text by situation and language: of several the one that needs to know least."""
    texts = {}
    with open(_SHIPPED, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = (row["situation"], row["language"])
            needs = len(templates.names_in(row["text"]))
            if key not in texts or needs < texts[key][0]:
                texts[key] = (needs, row["text"])
    return {key: text for key, (_needs, text) in texts.items()}
