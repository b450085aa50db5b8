from odoo import api, models
from odoo.exceptions import UserError

from .discuss_channel import is_whatsapp


class DiscussChannelMember(models.Model):
    """Members of a customer's thread are colleagues who may see it, asked in by who may write to the customer."""

    _inherit = "discuss.channel.member"

    def _notify_typing(self, is_typing):
        """Colleagues who write are seen by the customer, too."""
        result = super()._notify_typing(is_typing)
        if is_typing:
            self.channel_id._show_typing_to_customer()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        for channel, those in members.sudo().grouped("channel_id").items():
            if is_whatsapp(channel):
                channel = channel.with_env(self.env)
                if not self.env.su:
                    channel._check_whatsapp_writer()
                for member in those:
                    if not channel._may_see_whatsapp(member.partner_id):
                        name = (member.partner_id or member.guest_id).name
                        raise UserError(self.env._("%s has no access to WhatsApp conversations.", name))
        return members
