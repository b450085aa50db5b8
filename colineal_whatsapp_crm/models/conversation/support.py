from odoo import fields, models


class WhatsappConversation(models.Model):
    """Who looks after a support case is not who sells to the customer: that is, when the case is over, who was before.

    Only where support has a team of its own; a salesperson who helps goes on selling.
    """

    _inherit = "whatsapp.conversation"

    support_user_id = fields.Many2one(
        "res.users", string="Support Colleague", readonly=True, copy=False, help="Who was last given the support case."
    )
    sales_user_id = fields.Many2one(
        "res.users", string="Salesperson Before Support", readonly=True, copy=False, help="Nobody, if there was none."
    )

    def _get_salesperson(self):
        """Who sells to the customer, also while a colleague of support has the conversation; maybe nobody yet."""
        self.ensure_one()
        if not self.support_user_id or self.user_id != self.support_user_id:
            return self.user_id
        before = (self.lead_id.sudo().user_id | self.sales_user_id).filtered(self._can_be_assigned)
        team = self.team_id.sudo()
        return before[:1] or self.user_id & (team.crm_team_member_ids.user_id | team.user_id)

    def _open_support_case(self, user):
        """A user is about to be given the conversation: where support has a team, as a case beside the sale."""
        if self._get_handover_team(self.handover_id.reason)[1]:
            # Of a case that goes from hand to hand, the first of support came after sales.
            self.write({"sales_user_id": self._get_salesperson().id, "support_user_id": user.id})

    def _end_support_case(self):
        """The conversation is its salesperson's again."""
        if self.support_user_id:
            salesperson = self._get_salesperson()
            self.write(
                {
                    **({} if self.user_id == salesperson else {"user_id": salesperson.id}),
                    "support_user_id": False,
                    "sales_user_id": False,
                }
            )
