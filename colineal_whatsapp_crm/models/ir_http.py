from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Twilio's calls speak no language: any installed one will do.

        Without one, Odoo reads user, company and partner to find a language for each request, which would cost more
        than taking in the message.
        """
        if rule.endpoint.routing.get("whatsapp_webhook"):
            languages = request.env["res.lang"].sudo().get_installed()
            request.update_context(lang=languages[0][0])
        return super()._pre_dispatch(rule, args)
