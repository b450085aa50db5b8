from datetime import UTC, timedelta

from odoo import api, fields, models

#: Who left the screen no longer ago than this will soon be back.
_SHORT_ABSENCE = timedelta(minutes=15)


READER = "colineal_whatsapp_crm.whatsapp_group_reader"


#: What makes a colleague of somebody.
_DECISIVE = {"group_ids", "active", "partner_id"}


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users.partner_id._link_whatsapp()
        return users

    def write(self, vals):
        if not _DECISIVE & vals.keys():
            return super().write(vals)
        before = self._get_whatsapp_traits()
        result = super().write(vals)
        now = self._get_whatsapp_traits()
        # Who was a customer and works here now is no customer's partner any more.
        self.filtered(lambda user: now[user] != before[user]).partner_id._link_whatsapp()
        return result

    def _get_whatsapp_traits(self):
        """What makes each of these users a colleague, and of whom."""
        return {user: (user.share, user.active, user.partner_id.id) for user in self.sudo()}

    def _init_store_data(self, store):
        result = super()._init_store_data(store)
        # What would be refused is not offered.
        user = self.env.user
        store.add_global_values(
            whatsapp_read_only=user.has_group(READER) and not user.has_group("sales_team.group_sale_salesman")
        )
        return result

    def _may_see_whatsapp(self, company):
        """Whether this is a colleague with access to WhatsApp conversations of a company, all or some."""
        self.ensure_one()
        groups = ("sales_team.group_sale_salesman", READER)
        return not self.share and company in self.company_ids and any(map(self.has_group, groups))

    def _split_by_reach(self):
        """Those who can look after a customer now: (seen at their screens, others who may be there).

        Left out is who does not work at this hour, is out of office, or has been away from the screen for long. Odoo
        forgets when it saw somebody after 12 hours: of those nobody knows.
        """
        users = self.sudo().filtered(lambda user: not user.is_out_of_office and user._works_now())
        here = users.filtered(lambda user: user._get_reach() == "here")
        return here, users.filtered(lambda user: user._get_reach() == "unknown")

    def _works_now(self):
        """Whether this is within the user's working hours; always for those who have none."""
        self.ensure_one()
        resource = self.resource_ids.filtered(lambda resource: resource.company_id == self.env.company)[:1]
        if not resource.calendar_id:
            return True
        now = fields.Datetime.now().replace(tzinfo=UTC)
        return bool(
            list(resource.calendar_id._work_intervals_batch(now, now + timedelta(minutes=1), resource)[resource.id])
        )

    def _get_reach(self):
        self.ensure_one()
        presence = self.presence_ids
        if self.manual_im_status:
            return "away"
        if not presence:
            return "unknown"
        recently = presence.last_presence >= fields.Datetime.now() - _SHORT_ABSENCE
        return "here" if presence.status == "online" or recently else "away"
