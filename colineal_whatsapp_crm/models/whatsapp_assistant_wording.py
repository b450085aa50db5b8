from string import Formatter

from odoo import api, fields, models
from odoo.exceptions import ValidationError

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


class WhatsappAssistantWording(models.Model):
    """One way to say one thing. Several for the same situation are used in turn."""

    _name = "whatsapp.assistant.wording"
    _inherit = "whatsapp.compiled.mixin"
    _description = "Assistant Wording"
    _order = "sequence, id"
    _rec_name = "text"

    assistant_id = fields.Many2one("whatsapp.assistant", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=1)
    situation = fields.Selection(
        [
            ("ask_clarifying_question", "Ask how to help"),
            ("ask_about_interest", "Ask for the product"),
            ("request_contact_info", "Ask for the name"),
            ("gather_more_details", "Ask for the budget"),
            ("create_lead", "Confirm: an adviser will call"),
            ("lead_updated", "Acknowledge more information"),
            ("closing", "Close after thanks"),
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
            ("answer_several", "Asked several things"),
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
    text = fields.Text(
        required=True,
        help="May use {name}, {product}, {products}, {the_product}, {of_the_product}, {budget}, {city}, {hours}, "
        "{address} and {opening}; used only when each of them is known.",
    )
    fallback = fields.Boolean(string="Only If No Other Fits")
    preview = fields.Char(
        string="Looks Like", compute="_compute_preview", help="With an example customer, and this shop's own facts."
    )

    @api.depends("text", "language", "assistant_id.opening_hours", "assistant_id.address")
    def _compute_preview(self):
        for wording in self:
            assistant = wording.assistant_id
            facts = {"hours": assistant.opening_hours, "address": assistant.address}
            values = {**_EXAMPLE, **_EXAMPLE_TIMES[wording.language or "es"]}
            values.update({name: fact for name, fact in facts.items() if fact})
            try:
                wording.preview = wording._render(values) if wording.text else False
            except (ValueError, KeyError, IndexError) as error:
                wording.preview = self.env._("This cannot be said: %s", error)

    @api.constrains("text")
    def _check_placeholders(self):
        for wording in self:
            try:
                unknown = wording._get_placeholders() - set(PLACEHOLDERS)
            except ValueError as error:
                raise ValidationError(
                    self.env._("Braces do not match in “%(text)s”: %(error)s", text=wording.text, error=error)
                ) from error
            if unknown:
                raise ValidationError(
                    self.env._(
                        "“%(text)s” uses {%(unknown)s}, which is not known. It may use %(known)s.",
                        text=wording.text,
                        unknown=", ".join(sorted(unknown)),
                        known=", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
                    )
                )

    def _get_placeholders(self):
        """The names in braces. Raises ValueError when braces do not match."""
        self.ensure_one()
        return {field for _text, field, _spec, _conversion in Formatter().parse(self.text or "") if field is not None}

    def _render(self, values):
        """The text of these wordings, one after the other, with placeholders filled from `values` (strings by name)."""
        return " ".join(wording.text.format(**values) for wording in self)
