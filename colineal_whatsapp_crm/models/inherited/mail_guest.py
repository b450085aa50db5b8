from odoo import fields, models

from .res_users import READER

#: Others may not follow a field of ours: to read all fields of a record must not fail for them.
SALES_OR_READER = f"sales_team.group_sale_salesman,{READER}"


class MailGuest(models.Model):
    """Who a customer is in Discuss: a name or a number, which a rule keeps from everybody who asks for guests."""

    _inherit = "mail.guest"

    whatsapp_contact_ids = fields.One2many("whatsapp.contact", "guest_id", groups=SALES_OR_READER)
