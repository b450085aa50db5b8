from odoo import fields, models


class HelpdeskStage(models.Model):
    _name = "helpdesk.stage"
    _description = "Stage of Tickets"

    name = fields.Char(required=True)
    fold = fields.Boolean()


class HelpdeskTicket(models.Model):
    _name = "helpdesk.ticket"
    _inherit = ["mail.thread"]
    _description = "Ticket"

    name = fields.Char(required=True)
    description = fields.Html(required=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    partner_id = fields.Many2one("res.partner")
    partner_name = fields.Char()
    partner_email = fields.Char()
    partner_phone = fields.Char()
    stage_id = fields.Many2one("helpdesk.stage")
    user_id = fields.Many2one("res.users")
