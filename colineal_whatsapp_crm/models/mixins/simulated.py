from odoo import api, models
from odoo.fields import Domain


class WhatsappSimulatedMixin(models.AbstractModel):
    """What colleagues wrote in the simulator is found nowhere else: no search, list, count or API call has it.

    As with archived records, who asks for it finds it: with the field that says so in the domain, or with
    ``active_test=False`` in the context. The addon's own code, as superuser, sees all. What somebody has the id of, as
    the simulator's screen has, is read as ever.
    """

    _name = "whatsapp.simulated.mixin"
    _description = "Made by the Simulator or by Customers"

    #: What is true of records that the simulator did not make.
    _real_domain = Domain("is_simulated", "=", False)

    @api.model
    def _search(self, domain, *args, active_test=True, **kwargs):
        domain = Domain(domain)
        if active_test and not self.env.su and self.env.context.get("active_test", True):
            asked = any(condition.field_expr == "is_simulated" for condition in domain.iter_conditions())
            domain &= Domain.TRUE if asked else self._real_domain
        return super()._search(domain, *args, active_test=active_test, **kwargs)
