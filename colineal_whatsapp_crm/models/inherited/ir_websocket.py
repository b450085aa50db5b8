from odoo import models

from .res_users import READER

#: What a browser subscribes to, to hear of every conversation that it may show.
CHANNEL = "whatsapp_conversations"


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        others = [channel for channel in channels if not isinstance(channel, str) or channel != CHANNEL]
        if len(others) < len(channels):
            channels = others
            user = self.env.user
            sees_all = user.has_group("sales_team.group_sale_salesman_all_leads") or user.has_group(READER)
            if sees_all or user.has_group("sales_team.group_sale_salesman"):
                subchannel = "whatsapp_all" if sees_all else "whatsapp_unassigned"
                channels += [(company, subchannel) for company in user.company_ids]
        return super()._build_bus_channel_list(channels)
