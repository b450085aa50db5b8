from odoo import api, models


class WhatsappCompiledMixin(models.AbstractModel):
    """Records that the assistant keeps compiled in memory: a change counts from the next message on."""

    _name = "whatsapp.compiled.mixin"
    _description = "WhatsApp Compiled Records"

    #: Fields that nothing compiled depends on.
    _not_compiled = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys() <= self._not_compiled:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
