from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ValidationError

from .discuss_channel import is_whatsapp
from .mail_message import is_kept


class MailScheduledMessage(models.Model):
    """What is planned shows in the thread at once: by who may write there, under nobody else's name."""

    _inherit = "mail.scheduled.message"

    @api.model
    def _check(self, values=None):
        result = super()._check(values)
        if self.env.uid != SUPERUSER_ID:
            planned = self.sudo().filtered(lambda message: message.model == "discuss.channel").mapped("res_id")
            if values and values["model"] == "discuss.channel":
                planned.append(values["res_id"])
            for channel in self.env["discuss.channel"].browse(planned).sudo().filtered(is_whatsapp):
                channel.with_env(self.env)._check_whatsapp_writer()
        return result

    @api.constrains("author_id", "model", "res_id")
    def _check_author(self):
        for message in self.sudo():
            kept = is_kept(self.env[message.model].browse(message.res_id))
            if kept and message.author_id.whatsapp_contact_ids:
                raise ValidationError(self.env._("Nobody may write in a customer's name."))
