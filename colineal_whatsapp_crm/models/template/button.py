from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...gateway.address import to_e164
from ...gateway.content import MOST_CHARACTERS, MOST_TITLE, VARIABLE
from ..mixins.bounds import SEQUENCE
from .base import _is_link


class WhatsappContentButton(models.Model):
    """One button under a template: an answer to tap, a page to open, a number to call."""

    _name = "whatsapp.content.button"
    _inherit = ["whatsapp.access.mixin", "whatsapp.bounds.mixin"]
    _description = "Button of a WhatsApp Template"
    _order = "sequence, id"
    _rec_name = "title"
    _writable_fields = {"sales_team.group_sale_manager": {"template_id", "sequence", "kind", "title", "target"}}

    template_id = fields.Many2one("whatsapp.content.template", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(bounds=SEQUENCE, default=10)
    kind = fields.Selection(
        [
            ("QUICK_REPLY", "Answer to tap"),
            ("URL", "Open a page"),
            ("PHONE_NUMBER", "Call a number"),
            ("OTHER", "Other"),
        ],
        required=True,
        default="QUICK_REPLY",
    )
    title = fields.Char(required=True, help="What stands on the button.")
    target = fields.Char(
        string="Leads To", help="The page's address, or the number with its country code. An answer needs none."
    )

    @api.model_create_multi
    def create(self, vals_list):
        buttons = super().create(vals_list)
        buttons._check_unlocked()
        return buttons

    def write(self, vals):
        before = self.sudo().template_id
        # Whether they may write it at all is said first.
        result = super().write(vals)
        self._check_unlocked(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_unlocked(self):
        self._check_unlocked()

    def _check_unlocked(self, templates=None):
        """Raise a `UserError` where WhatsApp has the template already; `templates`: those of before."""
        templates = (templates or self.template_id.browse()) | self.sudo().template_id
        if not self.env.su and any(template.state != "draft" for template in templates):
            raise UserError(self.env._("WhatsApp has this template as it is: its buttons cannot be changed."))

    @api.constrains("kind", "title", "target")
    def _check_form(self):
        for button in self.filtered(lambda button: button.template_id.state == "draft"):
            if faults := list(button._find_faults()):
                raise ValidationError("\n".join(faults))

    def _find_faults(self):
        """What WhatsApp would reject in it, in words."""
        self.ensure_one()
        most = MOST_TITLE.get(self.kind)
        if not most:
            yield self.env._("Buttons of the kind of “%s” are made in Twilio's console.", self.title)
        elif len(self.title or "") > most:
            yield self.env._(
                "“%(title)s” is too long for a button: at most %(most)s characters.", title=self.title, most=most
            )
        target = self.target or ""
        if self.kind == "URL":
            start = VARIABLE.split(target)[0]
            is_at_the_end = len(VARIABLE.findall(target)) <= 1 and not VARIABLE.sub("", target[len(start) :])
            if not _is_link(start) or not is_at_the_end or len(target) > MOST_CHARACTERS["url"]:
                yield self.env._(
                    "“%s” leads to no page: an address that begins with https://, with one variable at its end at most.",
                    self.title,
                )
        elif self.kind == "PHONE_NUMBER" and not _is_number(target):
            yield self.env._("“%s” calls no number: write it with its country code, as +593 99 123 4567.", self.title)

    def _get_target(self):
        """Where it leads, as Twilio is told; what a tapped answer says to us."""
        if self.kind == "PHONE_NUMBER":
            return to_e164(self.target or "") or self.target
        return self.target or self.title


def _is_number(text):
    number = text.startswith("+") and to_e164(text)
    return bool(number) and len(number) <= MOST_CHARACTERS["phone"]
