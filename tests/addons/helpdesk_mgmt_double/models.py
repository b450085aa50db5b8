from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    helpdesk_mgmt_ticket_auto_assign = fields.Boolean()


class HelpdeskTicketTeam(models.Model):
    _name = "helpdesk.ticket.team"
    _description = "Team of Tickets"

    name = fields.Char(required=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    user_ids = fields.Many2many("res.users")


class HelpdeskTicketStage(models.Model):
    _name = "helpdesk.ticket.stage"
    _description = "Stage of Tickets"

    name = fields.Char(required=True)
    closed = fields.Boolean()
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)


class HelpdeskTicketChannel(models.Model):
    _name = "helpdesk.ticket.channel"
    _description = "Channel of Tickets"

    name = fields.Char(required=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)


class HelpdeskTicket(models.Model):
    _name = "helpdesk.ticket"
    _inherit = ["mail.thread"]
    _description = "Ticket"

    name = fields.Char(required=True)
    description = fields.Html(required=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    team_id = fields.Many2one("helpdesk.ticket.team", compute="_compute_team_id", store=True, readonly=False)
    channel_id = fields.Many2one("helpdesk.ticket.channel")
    partner_id = fields.Many2one("res.partner")
    partner_name = fields.Char()
    partner_email = fields.Char()
    stage_id = fields.Many2one("helpdesk.ticket.stage", tracking=True)
    closed = fields.Boolean(related="stage_id.closed")
    user_id = fields.Many2one("res.users", compute="_compute_user_id", store=True, readonly=False, tracking=True)

    @api.model
    def default_get(self, fields):
        """Where the company wants that, a ticket is whose opens it, who may be no person."""
        defaults = super().default_get(fields)
        if "user_id" in fields and self.env.company.helpdesk_mgmt_ticket_auto_assign:
            defaults.setdefault("user_id", self.env.uid)
        return defaults

    @api.depends("user_id")
    def _compute_team_id(self):
        """Who is given a ticket without a team brings theirs."""
        for ticket in self.filtered(lambda ticket: ticket.user_id and not ticket.team_id):
            ticket.team_id = self.env["helpdesk.ticket.team"].search([("user_ids", "in", ticket.user_id.id)], limit=1)

    @api.depends("team_id")
    def _compute_user_id(self):
        for ticket in self.filtered("team_id"):
            if ticket.user_id not in ticket.team_id.user_ids:
                ticket.user_id = False

    @api.model_create_multi
    def create(self, vals_list):
        for values in vals_list:
            team = self.env["helpdesk.ticket.team"].browse(values.get("team_id"))
            if team.company_id:
                values["company_id"] = team.company_id.id
        return super().create(vals_list)
