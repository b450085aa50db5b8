import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...gateway.address import is_web_address
from ...gateway.content import (
    LANGUAGE,
    MOST_BUTTONS,
    MOST_BUTTONS_IN_ALL,
    MOST_CHARACTERS,
    NAME,
    VARIABLE,
    Button,
    Content,
    clean_value,
    fill,
    find_variables,
)
from ...gateway.formatting import from_whatsapp
from ...lib import accent_insensitive
from ...understanding.text import fold

STATES = [
    ("draft", "Draft"),
    ("pending", "Waits for WhatsApp"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("paused", "Paused"),
    ("disabled", "Disabled"),
    ("gone", "Not at Twilio any more"),
]

CATEGORIES = [("utility", "Utility"), ("marketing", "Marketing"), ("authentication", "Authentication")]

#: What WhatsApp approves, which is then what it is: another text is another template.
LOCKED = ("sender_id", "content_name", "category", "language", "body", "header", "footer", "media_url", "button_ids")

#: What is no letter or digit of WhatsApp's names.
_NO_NAME = re.compile(r"[^a-z0-9]{1,200}")
#: Where a variable may not stand: WhatsApp could not tell what is the shop's text.
_AT_AN_EDGE = re.compile(r"^\s{0,9}\{\{|\}\}\s{0,9}$")
_SIDE_BY_SIDE = re.compile(r"\}\}\s{0,9}\{\{")


class WhatsappContentTemplate(models.Model):
    """A message that WhatsApp has approved, or is to: the one thing that reaches a customer after 24 hours.

    It is kept at Twilio, for one account, in one language. (Odoo's own app has the name ``whatsapp.template``.)
    """

    _name = "whatsapp.content.template"
    _inherit = ["whatsapp.access.mixin", "whatsapp.bounds.mixin"]
    _description = "WhatsApp Template"
    _order = "name, language, id"
    _check_company_auto = True
    _writable_fields = {
        "sales_team.group_sale_manager": {"name", "active", *LOCKED, "variable_ids", "preview_conversation_id"}
    }

    name = accent_insensitive.Char(required=True, help="As colleagues know it, e.g. Seguimiento de cotización.")
    active = fields.Boolean(default=True)
    sender_id = fields.Many2one(
        "whatsapp.sender",
        string="Twilio Account of",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("is_simulator", "=", False)],
        default=lambda self: self._get_default_sender(),
        help="A sender of the account that keeps it. Senders of the same account and company use it, too.",
    )
    company_id = fields.Many2one(related="sender_id.company_id", store=True, index=True)
    account_sid = fields.Char(related="sender_id.account_sid", store=True)
    content_sid = fields.Char(string="Content SID", readonly=True, copy=False, help="Twilio's name for it.")
    content_name = fields.Char(
        string="Name at WhatsApp",
        compute="_compute_content_name",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="Lowercase letters, digits and underscores.",
    )
    language = fields.Char(
        required=True,
        default=lambda self: (self.env.company._get_whatsapp_language() or "es").partition("_")[0],
        help="Of its text, as WhatsApp names it: es, es_MX, en, pt_BR …",
    )
    category = fields.Selection(
        CATEGORIES,
        required=True,
        default="utility",
        help="Utility: about something the customer has ordered or asked for. Marketing: all else. WhatsApp may change it, "
        "and charges for marketing each time.",
    )
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, copy=False, index=True)
    reason = fields.Char(string="Rejected Because", readonly=True, copy=False, help="In WhatsApp's words.")
    kind = fields.Char(string="Type at Twilio", readonly=True, copy=False)
    body = accent_insensitive.Text(
        string="Message", required=True, help="{{1}}, {{2}} … stand for what is filled in when it is sent."
    )
    header = fields.Char(help="In bold above the message.")
    footer = fields.Char(help="Small and grey below the message.")
    media_url = fields.Char(
        string="Picture or File", help="The public address of a picture, video or PDF that is shown above the message."
    )
    button_ids = fields.One2many("whatsapp.content.button", "template_id", string="Buttons", copy=True)
    variable_ids = fields.One2many("whatsapp.content.variable", "template_id", string="Variables", copy=True)
    preview_conversation_id = fields.Many2one(
        "whatsapp.conversation",
        string="Preview With",
        compute="_compute_preview_conversation_id",
        inverse="_inverse_preview_conversation_id",
        help="Whose values it is shown with. It is not kept.",
    )
    preview = fields.Json(compute="_compute_preview")

    _content_uniq = models.UniqueIndex(
        "(company_id, content_sid) WHERE content_sid IS NOT NULL", "This template is here already."
    )

    @api.model
    def _get_default_sender(self):
        return self.env["whatsapp.sender"].search(
            [("company_id", "=", self.env.company.id), ("is_simulator", "=", False)], limit=1
        )

    @api.depends("name")
    def _compute_content_name(self):
        for template in self:
            # What is at Twilio keeps the name it has there.
            if not template.content_sid and template.state == "draft":
                name = _NO_NAME.sub("_", fold(template.name or "")).strip("_")
                template.content_name = name[: MOST_CHARACTERS["name"]]

    @api.depends("name", "language")
    def _compute_display_name(self):
        for template in self:
            template.display_name = f"{template.name} ({template.language})" if template.language else template.name

    def _compute_preview_conversation_id(self):
        self.preview_conversation_id = False

    def _inverse_preview_conversation_id(self):
        """It is only looked with, on the form as it is open."""

    @api.depends(
        "body",
        "header",
        "footer",
        "media_url",
        "button_ids.kind",
        "button_ids.title",
        "variable_ids.name",
        "variable_ids.sample",
        "variable_ids.source",
        "variable_ids.placeholder",
        "variable_ids.field_path",
        "variable_ids.text",
        "preview_conversation_id",
    )
    @api.depends_context("uid", "lang")
    def _compute_preview(self):
        for template in self:
            conversation = template.preview_conversation_id
            samples = template._get_samples()
            if conversation and conversation.has_access("read"):
                samples |= {name: value for name, value in template._get_values(conversation).items() if value}
            template.preview = template._show(samples)

    @api.onchange("body", "header", "media_url", "button_ids")
    def _onchange_texts(self):
        """A variable that is typed wants to know at once what fills it."""
        used, known = self._find_variables(), {variable.name: variable for variable in self.variable_ids}
        new = self.env["whatsapp.content.variable"]
        for name in used:
            new |= known.get(name) or new.new({"name": name, "template_id": self.id})
        if new != self.variable_ids:
            self.variable_ids = new

    @api.constrains(*LOCKED, "variable_ids")
    def _check_form(self):
        """WhatsApp rejects after hours what breaks its rules of form; here it is said at once."""
        for template in self.filtered(lambda template: template.state == "draft"):
            if faults := list(template._find_faults()):
                raise ValidationError("\n".join(faults))

    def write(self, vals):
        locked = not vals.keys().isdisjoint(LOCKED) and any(template.state != "draft" for template in self.sudo())
        # Whether they may write it at all is said first.
        result = super().write(vals)
        if locked and not self.env.su:
            raise UserError(
                self.env._(
                    "WhatsApp has this template as it is. Make a new one of it with “Change” to say it otherwise."
                )
            )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_at_twilio(self):
        if not self.env.su and any(template.content_sid for template in self):
            raise UserError(
                self.env._(
                    "It is at Twilio, and would come back from there: archive it, or delete it in Twilio's console."
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for template, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%s (new)", template.name)
            vals.pop("content_name", None)
        return vals_list

    def action_change(self):
        """A draft with the same text, to be changed and submitted under another name."""
        self.ensure_one()
        self.check_access("write")
        return self.copy()._get_form_action()

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # What breaks WhatsApp's rules

    def _find_faults(self):
        """What WhatsApp or Twilio would reject in it, in words, one after the other."""
        self.ensure_one()
        if not NAME.fullmatch(self.content_name or ""):
            yield self.env._("The name at WhatsApp has lowercase letters, digits and underscores only.")
        if not LANGUAGE.fullmatch(self.language or ""):
            yield self.env._(
                "“%s” is no language as WhatsApp names it, such as es, es_MX or pt_BR.", self.language or ""
            )
        if self.category == "authentication":
            yield self.env._("Templates for codes to log in with are made in Twilio's console.")
        most = {"content_name": "name", "body": "body", "header": "header", "footer": "footer", "media_url": "url"}
        yield from self._explain_long_texts({name: MOST_CHARACTERS[kind] for name, kind in most.items()})
        if self.header and self.media_url:
            yield self.env._("Above the message stands either a header or a picture, not both.")
        if self.media_url and not _is_link(VARIABLE.sub("x", self.media_url)):
            yield self.env._("The picture or file is no public address that begins with https://.")
        yield from self._find_variable_faults()
        yield from self._find_button_faults()

    def _find_variable_faults(self):
        body = self.body or ""
        texts = [body, self.header or "", self.footer or "", *self.button_ids.mapped("title")]
        if any("{{" in rest or "}}" in rest for rest in (VARIABLE.sub("", text) for text in texts)):
            yield self.env._("Variables are written {{1}}, {{2}} …: a number between two pairs of braces.")
            return
        names = self._find_variables()
        if names != [str(number) for number in range(1, len(names) + 1)]:
            yield self.env._("Variables are numbered from {{1}}, without gaps.")
        if _AT_AN_EDGE.search(body):
            yield self.env._("A variable may not be the first or the last thing in the message: put a word there.")
        if _SIDE_BY_SIDE.search(body):
            yield self.env._("Two variables may not stand side by side: put words between them.")
        if len(find_variables(self.header)) > 1:
            yield self.env._("A header has one variable at most.")
        if find_variables(self.footer, *self.button_ids.mapped("title")):
            yield self.env._("Footer and buttons' titles have no variables.")
        known = {variable.name: variable for variable in self.variable_ids}
        for name in names:
            if name not in known or not (known[name].sample or "").strip():
                yield self.env._("{{%s}} needs an example: WhatsApp looks at it before it approves.", name)
        if unused := known.keys() - set(names):
            yield self.env._("{{%s}} is not in the message.", "}}, {{".join(sorted(unused)))

    def _find_button_faults(self):
        buttons = self.button_ids
        if len(buttons) > MOST_BUTTONS_IN_ALL:
            yield self.env._("A message has at most %s buttons.", MOST_BUTTONS_IN_ALL)
        labels = dict(buttons._fields["kind"]._description_selection(self.env))
        for kind, most in MOST_BUTTONS.items():
            if len(buttons.filtered(lambda button, kind=kind: button.kind == kind)) > most:
                yield self.env._(
                    "A message has at most %(most)s buttons of the kind “%(kind)s”.", most=most, kind=labels[kind]
                )
        titles = [fold(button.title or "") for button in buttons]
        if len(set(titles)) < len(titles):
            yield self.env._("Two buttons have the same title.")
        replies = "".join("q" if button.kind == "QUICK_REPLY" else "o" for button in buttons)
        if "qoq" in re.sub(r"(.)\1{1,9}", r"\1", replies):
            yield self.env._("Quick replies stand together, before or after the other buttons.")
        for button in buttons:
            yield from button._find_faults()

    # What it looks like

    def _find_variables(self):
        """The names of its variables, those of the buttons' addresses included."""
        return find_variables(self.body, self.header, self.media_url, *self.button_ids.mapped("target"))

    def _get_content(self):
        """It as Twilio is told."""
        self.ensure_one()
        return Content(
            sid=self.content_sid or "",
            name=self.content_name,
            language=self.language,
            kind=self.kind or "",
            body=self.body,
            header=self.header or "",
            footer=self.footer or "",
            media=self.media_url or "",
            buttons=tuple(Button(each.kind, each.title, each._get_target()) for each in self.button_ids),
            samples=self._get_samples(),
        )

    def _get_lang(self):
        """The code of the language of Odoo that is nearest to the template's; None for none."""
        installed = dict(self.env["res.lang"].get_installed())
        short = (self.language or "").partition("_")[0]
        return next((code for code in (self.language, *sorted(installed)) if code in installed
                     and code.partition("_")[0] == short), None)  # fmt: skip

    def _clean_values(self, values):
        """What was written for its variables, as WhatsApp takes it; nothing for others."""
        return {name: clean_value(values.get(name)) for name in self._find_variables()}

    def _get_missing(self, values):
        """The names of the variables that are not filled in."""
        return [name for name, value in values.items() if not value]

    def _get_samples(self):
        return {variable.name: variable.sample or "" for variable in self.variable_ids if variable.name}

    def _fill(self, values):
        """What a customer gets, in WhatsApp's plain text; variables without a value stay.

        values
            {name of a variable: text}
        """
        self.ensure_one()
        return {
            "header": fill(self.header, values),
            "body": fill(self.body, values),
            "footer": self.footer or "",
            "media": fill(self.media_url, values),
            "buttons": [{"kind": each.kind or "", "title": each.title or ""} for each in self.button_ids],
        }

    def _show(self, values):
        """The same as screens show it: the message as safe HTML."""
        filled = self._fill(values)
        return {**filled, "body": str(from_whatsapp(filled["body"]))}

    def _get_values(self, conversation, lead=None):
        """What its variables are filled with for a customer, by name; empty where nothing is known.

        conversation
            with the rights of who sends it: what they may not read fills nothing.
        lead
            the one that it is about, by default the conversation's.
        """
        self.ensure_one()
        return {
            variable.name: variable._get_value(conversation, lead or conversation.lead_id)
            for variable in self.variable_ids
            if variable.name
        }


def _is_link(text):
    return text.startswith("https://") and is_web_address(text.split("?")[0].rstrip("/"))
