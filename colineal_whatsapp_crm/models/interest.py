from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..lib import accent_insensitive
from ..understanding.grammar import is_feminine, pluralize
from ..understanding.vocabulary import Interest
from .mixins.bounds import SEQUENCE

#: What a budget may be, as `hot_budget` of an assistant too.
BUDGETS = (0, 100_000_000)


class WhatsappInterest(models.Model):
    """One thing the shop sells, under the name it keeps and the names customers use."""

    _name = "whatsapp.interest"
    _inherit = "whatsapp.vocabulary.mixin"
    _description = "Product Interest"
    _order = "sequence, name"
    _rec_names_search = ("name", "plural", "synonyms")
    _writable_fields = {
        "sales_team.group_sale_manager": {"name", "plural", "gender", "general", "sequence", "hot_budget", "file_ids"}
    }

    name = accent_insensitive.Char(
        required=True, help="The canonical name, as leads and reports show it, in the singular."
    )
    plural = accent_insensitive.Char(
        compute="_compute_plural",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="As the assistant says it in a sentence: «tu interés en sofás». Made of the name by the rules of Spanish; "
        "correct it where they are wrong.",
    )
    gender = fields.Selection(
        [("m", "Masculine"), ("f", "Feminine")],
        compute="_compute_gender",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="Which article it is said with: «el sofá», «de la cama».",
    )
    general = fields.Boolean(help="Says that something is wanted but not what: the assistant asks further.")
    sequence = fields.Integer(bounds=SEQUENCE, default=10)
    synonym_ids = fields.One2many("whatsapp.synonym", "interest_id", string="Synonyms", copy=True)
    hot_budget = fields.Integer(
        bounds=BUDGETS,
        string="Least Budget for Hot",
        help="A customer whose budget for it is known and less is not hot, whatever else they say. 0: as the "
        "assistant's own minimum says, among what makes a lead.",
    )

    file_ids = fields.Many2many(
        "ir.attachment",
        "whatsapp_interest_file_rel",
        string="Pictures and Catalogues",
        help="Put beside the suggested reply to a customer who asks for photos of it. Of kinds and sizes that WhatsApp takes.",
    )

    _name_uniq = models.UniqueIndex("(name)", "This interest exists already.")

    @api.depends("name")
    def _compute_plural(self):
        for interest in self:
            interest.plural = pluralize((interest.name or "").strip()) or False

    @api.depends("name")
    def _compute_gender(self):
        for interest in self:
            interest.gender = "f" if is_feminine(interest.name or "") else "m"

    @api.constrains("file_ids")
    def _check_files(self):
        faults = [fault for file in self.file_ids if (fault := file._get_whatsapp_fault())]
        if faults:
            raise ValidationError("\n".join(faults))

    @api.model_create_multi
    def create(self, vals_list):
        interests = super().create(vals_list)
        interests._own_files()
        return interests

    def write(self, vals):
        result = super().write(vals)
        if "file_ids" in vals:
            self._own_files()
        return result

    def _own_files(self):
        """What was uploaded to a form before it was saved is the record's, so that whoever reads it reads the file."""
        for interest in self:
            loose = interest.file_ids.filtered(lambda file: file.res_model == self._name and not file.res_id)
            loose.write({"res_id": interest.id})

    def _get_names(self):
        return [self.name or "", self.plural or ""]

    @api.constrains("name", "plural")
    def _check_names(self):
        self._check_words()

    @api.model
    def _get_plural(self, name):
        """Of a product by its name, whether it is still there or not."""
        return self.search([("name", "=", name)], limit=1).plural or pluralize(name)

    def _to_interest(self):
        """As the understanding takes it."""
        self.ensure_one()
        return Interest(
            self.name,
            self._get_synonyms(),
            self.plural,
            self.gender,
            self.general,
            tuple((each.name, each.plural or "", each.gender or "m") for each in self.synonym_ids if each.name),
            self._get_bounded("hot_budget"),
        )

    def try_text(self, text):
        """As `whatsapp.assistant.try_text`, of the first assistant."""
        self.check_access("read")
        assistant = self.env["whatsapp.assistant"].search([], limit=1)
        if not assistant:
            raise UserError(self.env._("There is no assistant to try yet. Create one first."))
        return assistant.try_text(text)
