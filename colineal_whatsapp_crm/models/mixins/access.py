from odoo import SUPERUSER_ID, api, models
from odoo.tools.misc import clean_context

MODULE = "colineal_whatsapp_crm"


class WhatsappAccessMixin(models.AbstractModel):
    """Columns that colleagues write by an allow-list, and code that goes on as superuser once that is allowed.

    A field's ``readonly`` binds forms only. The ORM asks here about each value of `write` and `create`, those of the
    context included, so imports, buttons and commands on other records are held to the list as well; and what it does
    not let through, screens show as read only. A model of this addon is guarded whole, save for fields made by hand;
    one of Odoo's, in the fields that this addon adds.
    """

    _name = "whatsapp.access.mixin"
    _description = "WhatsApp Access"

    #: {group: names of the fields that its members may write}. An addon that extends a model adds a table of its own:
    #: all of them count.
    _writable_fields = {}

    @api.model
    def _has_field_access(self, field, operation):
        return super()._has_field_access(field, operation) and (
            operation != "write" or self.env.su or self._is_writable(field)
        )

    def _is_writable(self, field):
        """Whether the user may write a field, whatever `sudo` is under way."""
        return not self._is_guarded(field) or any(
            field.name in names and self.env.user.has_group(group)
            for part in type(self).mro()
            for group, names in vars(part).get("_writable_fields", {}).items()
        )

    def _is_guarded(self, field):
        if self._original_module == MODULE:
            return not field.manual
        return field._modules[:1] == (MODULE,)

    @api.model
    def default_get(self, fields):
        """What users set as defaults of their own counts for what they may write, also while `sudo` is under way."""
        if self.env.uid == SUPERUSER_ID:
            return super().default_get(fields)
        others = {name for name in fields if name in self._fields and not self._is_writable(self._fields[name])}
        values = super().default_get([name for name in fields if name not in others])
        if others := [name for name in others if self._fields[name].default]:
            system = self.with_user(SUPERUSER_ID).with_company(self.env.company)
            values.update(super(WhatsappAccessMixin, system).default_get(others))
        return values

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_links(records._fields)
        return records

    def write(self, vals):
        result = super().write(vals)
        self._check_links(vals)
        return result

    def _check_links(self, names):
        """Nobody points to what they may not read: what hangs on it would show it to them, or write to it."""
        if self.env.su:
            return
        for name in names:
            field = self._fields[name]
            if field.type != "many2one" or not field.store or not self._is_guarded(field):
                continue
            # Who gives a record away may not read it any more.
            # Nothing is no record of a model that they may not read: anybody opens a channel of their own.
            if linked := self.sudo().mapped(name):
                linked.with_env(self.env).check_access("read")

    def _checked_sudo(self, operation):
        """These records as superuser, after the user's right to do `operation` on each of them was checked.

        Of the caller's context, what this addon's own code says to itself is left behind, and so is what new records
        are to begin with: the caller's rights would not be asked about that any more.
        """
        self.check_access(operation)
        ours = [name for name in self.env.context if name.startswith("whatsapp_")]
        return self.with_context(clean_context(self.env.context), **dict.fromkeys(ours)).sudo()
