from datetime import date, datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_amount, format_date, format_datetime

from ...gateway.content import MOST_CHARACTERS, clean_value
from ..conversation.quick_replies import QUICK_REPLY_NAMES

#: Where values are looked up, by source.
MODELS = {"conversation": "whatsapp.conversation", "lead": "crm.lead", "partner": "res.partner"}

#: What can be said in a sentence.
_SAYABLE = {"char", "text", "selection", "date", "datetime", "integer", "float", "monetary", "many2one", "many2many"}

#: How far a path may lead.
_MOST_STEPS = 4

_PLACEHOLDERS = {
    "name": "First name",
    "product": "Product",
    "products": "Products",
    "the_product": "Product with its article",
    "of_the_product": "Of the product",
    "budget": "Budget",
    "city": "City",
    "hours": "Opening hours",
    "address": "The shop's address",
    "salesperson": "Name of who sends it",
    "shop": "The shop's name",
}


class WhatsappContentVariable(models.Model):
    """One variable of a template: what fills it where a customer is, and the example that WhatsApp is shown."""

    _name = "whatsapp.content.variable"
    _inherit = ["whatsapp.access.mixin"]
    _description = "Variable of a WhatsApp Template"
    _order = "template_id, id"
    _writable_fields = {
        "sales_team.group_sale_manager": {
            "template_id",
            "name",
            "source",
            "placeholder",
            "field_path",
            "text",
            "sample",
        }
    }

    template_id = fields.Many2one("whatsapp.content.template", required=True, index=True, ondelete="cascade")
    name = fields.Char(required=True, help="Its number in the message.")
    label = fields.Char(compute="_compute_label")
    source = fields.Selection(
        [
            ("placeholder", "What the assistant knows"),
            ("conversation", "Field of the conversation"),
            ("lead", "Field of the lead"),
            ("partner", "Field of the contact"),
            ("text", "Text"),
        ],
        string="Filled With",
        required=True,
        default="text",
    )
    placeholder = fields.Selection(
        [(name, _PLACEHOLDERS[name]) for name in QUICK_REPLY_NAMES], string="What", help="As quick replies know it."
    )
    model = fields.Char(compute="_compute_model")
    field_path = fields.Char(string="Field", help="From the record on, e.g. user_id.name.")
    text = fields.Char(
        string="Text, or If Unknown", help="Said where there is nothing else; who sends it may write something else."
    )
    sample = fields.Char(string="Example", help="WhatsApp looks at it before it approves, and customers never see it.")

    _name_uniq = models.Constraint("UNIQUE(template_id, name)", "This variable is there already.")

    @api.depends("name")
    def _compute_label(self):
        for variable in self:
            variable.label = f"{{{{{variable.name}}}}}" if variable.name else False

    @api.depends("label", "source", "placeholder", "field_path")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for variable in self:
            variable.display_name = variable._describe() or variable.label

    @api.depends("source")
    def _compute_model(self):
        for variable in self:
            variable.model = MODELS.get(variable.source, False)

    @api.model_create_multi
    def create(self, vals_list):
        variables = super().create(vals_list)
        if not self.env.su:
            variables._check_unlocked()
        return variables

    def write(self, vals):
        before = self.sudo().template_id
        # Whether they may write it at all is said first.
        result = super().write(vals)
        if {"template_id", "name", "sample"} & vals.keys() and not self.env.su:
            self._check_unlocked(before)
        return result

    def _check_unlocked(self, templates=None):
        """Raise a `UserError` where WhatsApp has the template already; `templates`: those of before."""
        templates = (templates or self.template_id.browse()) | self.sudo().template_id
        if any(template.state != "draft" for template in templates):
            raise UserError(
                self.env._("WhatsApp has this template as it is: only what fills its variables can be changed.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_unlocked(self):
        if not self.env.su:
            self._check_unlocked()

    @api.constrains("source", "field_path", "placeholder")
    def _check_source(self):
        for variable in self:
            if variable.source == "placeholder" and not variable.placeholder:
                raise ValidationError(self.env._("%s: choose what the assistant is to fill in.", variable.label))
            if variable.source in MODELS and (fault := variable._find_path_fault()):
                raise ValidationError(self.env._("%(variable)s: %(fault)s", variable=variable.label, fault=fault))

    @api.constrains("text", "sample")
    def _check_texts(self):
        most = MOST_CHARACTERS["value"]
        for variable in self:
            for text in (variable.text, variable.sample):
                if len(text or "") > most or len((text or "").splitlines()) > 1:
                    raise ValidationError(
                        self.env._(
                            "%(variable)s: one line of at most %(most)s characters fills it.",
                            variable=variable.label,
                            most=most,
                        )
                    )

    def _find_path_fault(self):
        """Why a field cannot be said to a customer, in words; False where it can."""
        model, steps = self.env[MODELS[self.source]], (self.field_path or "").split(".")
        if not self.field_path:
            return self.env._("choose a field.")
        if len(steps) > _MOST_STEPS:
            return self.env._("“%s” leads too far.", self.field_path)
        for place, step in enumerate(steps):
            field = model._fields.get(step) if model is not None else None
            if field is None:
                return self.env._("“%(path)s” is no field: there is no “%(step)s”.", path=self.field_path, step=step)
            if field.groups:
                # Secrets, and what not every colleague may know.
                return self.env._("“%s” is not for everybody to read, so it is none for customers.", self.field_path)
            is_last = place == len(steps) - 1
            if (is_last and field.type not in _SAYABLE) or (not is_last and field.type != "many2one"):
                return self.env._("“%s” cannot be said in a sentence.", self.field_path)
            model = self.env[field.comodel_name] if field.relational else None
        return False

    def _describe(self):
        """What fills it, in words."""
        if self.source == "placeholder" and self.placeholder:
            return dict(self._fields["placeholder"]._description_selection(self.env))[self.placeholder]
        if self.source in MODELS and self.field_path and not self._find_path_fault():
            model, labels = self.env[MODELS[self.source]], []
            for step in self.field_path.split("."):
                labels.append(self.env["ir.model.fields"]._get(model._name, step).field_description or step)
                field = model._fields[step]
                model = self.env[field.comodel_name] if field.relational else None
            return " › ".join(labels)
        return False

    def _get_value(self, conversation, lead):
        """What fills it for a customer; empty where nothing is known, or where the reader may not read it."""
        self.ensure_one()
        record = {"conversation": conversation, "lead": lead, "partner": conversation.partner_id}.get(self.source)
        value = False
        if self.source == "placeholder" and self.placeholder:
            value = conversation._get_filled_placeholders().get(self.placeholder)
        elif record and not self._find_path_fault():
            try:
                value = self._read(record.with_env(conversation.env))
            except AccessError:
                value = False
        return clean_value(value or self.text)

    def _read(self, record):
        """The field's value in words, in the language of the template."""
        lang = self.template_id._get_lang()
        record = record.with_context(lang=lang)
        *before, last = self.field_path.split(".")
        # What is known already is given to whoever asks: the right to it is asked for at each step.
        record.check_access("read")
        for step in before:
            record = record[step]
            record.check_access("read")
        if not record:
            return ""
        field, value = record._fields[last], record[last]
        if field.relational:
            value.check_access("read")
            return ", ".join(name for name in value.mapped("display_name") if name)
        if field.type == "selection":
            return dict(field._description_selection(record.env)).get(value, "")
        if field.type == "monetary":
            currency = record[field.get_currency_field(record)]
            return format_amount(record.env, value, currency, lang_code=lang) if currency and value else ""
        if isinstance(value, datetime):
            return format_datetime(record.env, value, dt_format="short", lang_code=lang)
        if isinstance(value, date):
            return format_date(record.env, value, lang_code=lang)
        if field.type == "float":
            return f"{value:g}" if value else ""
        return str(value) if value else ""
