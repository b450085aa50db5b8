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

#: What a wording may name, in braces. Some come with their article: `the_product` «la cama», `of_the_product` «del sofá»,
#: `a_product` «una cama», `the_products` «las camas y los veladores».
PLACEHOLDERS = (
    "name",
    "product",
    "products",
    "the_product",
    "of_the_product",
    "a_product",
    "the_products",
    "budget",
    "city",
    "hours",
    "address",
    "opening",
    "cities",
    "shop",
    "shop_phone",
    "map",
    "salesperson",
)


#: Who the preview speaks to. The products are in Spanish in every language, as the vocabulary is.
_EXAMPLE = {
    "name": "María",
    "product": "cama",
    "products": "camas y veladores",
    "the_product": "la cama",
    "of_the_product": "de la cama",
    "a_product": "una cama",
    "the_products": "las camas y los veladores",
    "budget": "$800 - $1200",
    "city": "Quito",
    "address": "Av. Amazonas N21-147, Quito",
    "cities": "Cuenca, Guayaquil y Quito",
    "shop": "Colineal El Recreo",
    "shop_phone": "02 222 3344",
    "map": "https://maps.app.goo.gl/…",
    "salesperson": "Sofía Mora",
}
_EXAMPLE_TIMES = {
    "es": {"hours": "de lunes a sábado de 9:00 a 19:00", "opening": "lunes a las 9:00"},
    "en": {"hours": "Monday to Saturday from 9 AM to 7 PM", "opening": "Monday at 9:00 AM"},
    "pt": {"hours": "de segunda a sábado das 9:00 às 19:00", "opening": "segunda-feira às 9:00"},
}


def get_example_values(language):
    """What wordings are shown with where no customer was chosen, by placeholder."""
    return {**_EXAMPLE, **_EXAMPLE_TIMES.get(language, _EXAMPLE_TIMES["es"])}


#: Situations whose every wording promises that a person will do something, in whatever words. In the others the words
#: tell: «Atendemos de 9 a 18» promises nobody, «te lo confirma un asesor» does.
PROMISING = {
    "create_lead",
    "create_lead_closed",
    "lead_updated",
    "transfer_to_support",
    "order",
    "not_text",
    "not_heard",
    "not_understood",
    "answer_human",
    "answer_human_closed",
    "answer_waiting",
    "off_hours",
}


class WhatsappAssistant(models.Model):
    """What the wordings of an assistant are shown with."""

    _inherit = "whatsapp.assistant"

    def _get_preview_values(self, language):
        """What wordings are shown with: an example customer, or the one of the conversation that was chosen."""
        conversation = self.preview_conversation_id
        if conversation and conversation.has_access("read"):
            return conversation._get_placeholder_values(language)
        facts = self._get_facts(language, company=self.env.company)
        return {**get_example_values(language), **{name: fact for name, fact in facts.items() if fact}}


class WhatsappAssistantWording(models.Model):
    """One way to say one thing. Several for the same situation are used in turn."""

    _name = "whatsapp.assistant.wording"
    _inherit = ["whatsapp.access.mixin", "whatsapp.compiled.mixin"]
    _description = "Assistant Wording"
    _order = "position, sequence, id"
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
            ("greeting", "Greet, before the first answer"),
            ("ask_clarifying_question", "Ask how to help"),
            ("ask_about_interest", "Ask for the product"),
            ("request_contact_info", "Ask for the name"),
            ("gather_more_details", "Ask for the budget"),
            ("create_lead", "Confirm: an adviser will call"),
            ("create_lead_closed", "Confirm while the shop is closed: an adviser will call when it opens"),
            ("ask_phone", "Ask for a telephone number, who shows none"),
            ("lead_updated", "Acknowledge more information"),
            ("closing", "Close after thanks"),
            ("closing_lost", "Close when the customer gives up what was wanted"),
            ("closing_postponed", "Close when the customer puts it off"),
            ("transfer_to_support", "Hand over to support"),
            ("order", "An order from the catalogue came"),
            ("not_text", "A photo, voice note or file came without words"),
            ("not_heard", "A voice note could not be understood"),
            ("answer_price", "Asked for a price"),
            ("answer_hours", "Asked for opening hours"),
            ("answer_address", "Asked for the address"),
            ("answer_shop", "Asked for the address: the shop in their city"),
            ("answer_cities", "Asked for the address: the cities with shops"),
            ("answer_delivery", "Asked about delivery"),
            ("answer_payment", "Asked about payment"),
            ("answer_warranty", "Asked about the warranty"),
            ("answer_photos", "Asked for photos"),
            ("answer_human", "Asked for a person"),
            ("answer_human_closed", "Asked for a person while the shop is closed"),
            ("answer_several", "Asked several things"),
            ("answer_waiting", "Awaits an answer after the lead"),
            ("ask_again", "Not understood: ask again in other words"),
            ("not_understood", "Not understood twice: a person takes over"),
            ("off_hours", "The shop is closed"),
            ("follow_up", "Follow up who does not answer"),
            ("opt_out", "The customer wants no more messages"),
            ("confirm_opt_out", "The customer may want no more messages: ask"),
            ("opt_in", "The customer wants messages again"),
            ("privacy_notice", "Privacy notice, said once if the assistant says it"),
            ("person_first", "Suggested to a colleague who has not written yet"),
            ("person_again", "Suggested to a colleague who has written already"),
        ],
        required=True,
        group_expand=True,
    )
    position = fields.Integer(
        compute="_compute_position", store=True, help="Where its situation stands: as a conversation goes."
    )
    purpose = fields.Char(compute="_compute_purpose", string="What It Is For")
    language = fields.Selection(
        [("es", "Spanish"), ("en", "English"), ("pt", "Portuguese")], default="es", required=True
    )
    text = accent_insensitive.Text(
        required=True,
        help="May use {name}, {product}, {products}, {the_product}, {of_the_product}, {a_product}, {the_products}, "
        "{budget}, {city}, {hours}, {address}, {opening}, and of the shops {shop}, {shop_phone}, {map} and {cities}; "
        "in what is suggested to colleagues also {salesperson}; "
        "used only when each of them is known.",
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
    preview = fields.Text(
        string="Looks Like",
        compute="_compute_preview",
        help="With an example customer, or the one whose conversation was chosen.",
    )

    @api.depends("text", "language", "assistant_id.opening_hours", "assistant_id.address",
                 "assistant_id.resource_calendar_id", "assistant_id.preview_conversation_id")  # fmt: skip
    @api.depends_context("lang")
    def _compute_preview(self):
        known = {}
        for wording in self:
            language, assistant = wording.language, wording.assistant_id
            if (assistant, language) not in known:
                known[assistant, language] = assistant._get_preview_values(language)
            values = known[assistant, language]
            if not wording.text:
                wording.preview = False
            elif fault := wording._explain_fault():
                wording.preview = self.env._("This cannot be said: %s", fault)
            elif missing := templates.names_in(wording.text) - values.keys():
                wording.preview = self.env._(
                    "Not said to this customer: %s is not known.", ", ".join(f"{{{name}}}" for name in sorted(missing))
                )
            else:
                wording.preview = templates.fill(wording.text, values)

    @api.depends("situation")
    def _compute_position(self):
        situations = [situation for situation, _label in self._fields["situation"].selection]
        for wording in self:
            wording.position = situations.index(wording.situation) if wording.situation in situations else 0

    @api.depends("situation")
    @api.depends_context("lang")
    def _compute_purpose(self):
        purposes = self._get_purposes()
        for wording in self:
            wording.purpose = purposes.get(wording.situation, False)

    @api.model
    def _get_purposes(self):
        """What each situation is, in words."""
        return {
            "greeting": self.env._("Once a conversation, where the assistant is set to greet."),
            "ask_clarifying_question": self.env._(
                "After a mere greeting, or words that say nothing of what is wanted."
            ),
            "ask_about_interest": self.env._("Somebody is known, but not what they want, or only “furniture”."),
            "request_contact_info": self.env._("The product is known, but not the customer's name."),
            "gather_more_details": self.env._("Name and product are known, but no budget."),
            "create_lead": self.env._("All is known, and the lead is made."),
            "create_lead_closed": self.env._("In its place, outside of the working hours."),
            "ask_phone": self.env._("With the lead of a customer whose number WhatsApp does not show, once."),
            "lead_updated": self.env._("There is a lead, and the customer told something more."),
            "closing": self.env._("Thanks or a farewell after the lead, once."),
            "closing_lost": self.env._("“Ya compré en otro lado”: nothing more is asked."),
            "closing_postponed": self.env._("“Lo pensaré y les aviso”: nothing more is asked."),
            "transfer_to_support": self.env._("A complaint, warranty or other after-sales."),
            "order": self.env._("What is ordered is on the lead; a person confirms it."),
            "not_text": self.env._("What the assistant cannot read: a person looks at it."),
            "not_heard": self.env._("A model listens to voice notes, but not to this one."),
            "answer_price": self.env._("Beside the question that comes next; only an adviser tells prices."),
            "answer_hours": self.env._("With {hours}; the other, without it, where no hours are set."),
            "answer_address": self.env._("With {address}; the other, without it, where none is set."),
            "answer_shop": self.env._("There are shops, and one is in the customer's city, or there is only one."),
            "answer_cities": self.env._("There are shops in several cities, and none that is known to be near."),
            "answer_delivery": self.env._("Beside the question that comes next."),
            "answer_payment": self.env._("Beside the question that comes next."),
            "answer_warranty": self.env._("Before a purchase; after one it is support."),
            "answer_photos": self.env._("Beside the question that comes next."),
            "answer_human": self.env._("A colleague was called, and comes."),
            "answer_human_closed": self.env._("In its place, outside of the working hours."),
            "answer_several": self.env._("Two or more things that only an adviser can answer."),
            "answer_waiting": self.env._("“¿Ya me van a escribir?”: a colleague is called."),
            "ask_again": self.env._(
                "In place of the question, when a message told nothing and was read with too little confidence."
            ),
            "not_understood": self.env._("A colleague takes over."),
            "off_hours": self.env._("After an answer that promises a person, once while it is closed."),
            "follow_up": self.env._("After the hours of silence that its follow-ups say, each once a conversation."),
            "opt_out": self.env._("The last message that they get."),
            "confirm_opt_out": self.env._("Words that may mean it and may not."),
            "opt_in": self.env._("They wrote one of the words that allow messages."),
            "privacy_notice": self.env._("After the first answer to each customer."),
            "person_first": self.env._(
                "In the place of a promised adviser: *Suggest a reply*, before they have written."
            ),
            "person_again": self.env._("The same, when the customer knows them already."),
        }

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
