from odoo import api, models


class WhatsappCompiledMixin(models.AbstractModel):
    """Records that the assistant keeps compiled in memory: a change counts from the next message on."""

    _name = "whatsapp.compiled.mixin"
    _inherit = "whatsapp.bounds.mixin"
    _description = "WhatsApp Compiled Records"

    #: Fields that nothing compiled depends on.
    _not_compiled = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self._forget_compiled()
        return records

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys() <= self._not_compiled:
            self._forget_compiled()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_compiled()
        return result

    @api.model
    def _forget_compiled(self):
        """Read these records anew from now on, and take back what was said of broken ones that are mended."""
        self.env.registry.clear_cache()
        self.env["whatsapp.assistant"]._close_fault_activities()
