from odoo import api, fields, models


class HelpdeskTeam(models.Model):
    _name = "helpdesk.team"
    _description = "Team of Tickets"
    _order = "sequence, name"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    member_ids = fields.Many2many("res.users")
    stage_ids = fields.Many2many("helpdesk.stage")


class HelpdeskStage(models.Model):
    _name = "helpdesk.stage"
    _description = "Stage of Tickets"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    fold = fields.Boolean()
    team_ids = fields.Many2many("helpdesk.team")


class HelpdeskTicket(models.Model):
    _name = "helpdesk.ticket"
    _inherit = ["mail.thread"]
    _description = "Ticket"

    def _default_team_id(self):
        teams = self.env["helpdesk.team"]
        return teams.search([("member_ids", "in", self.env.uid)], limit=1) or teams.search([], limit=1)

    name = fields.Char(required=True)
    description = fields.Html()
    team_id = fields.Many2one("helpdesk.team", default=_default_team_id)
    company_id = fields.Many2one(related="team_id.company_id", store=True)
    partner_id = fields.Many2one("res.partner")
    partner_name = fields.Char(compute="_compute_partner", store=True, readonly=False)
    partner_email = fields.Char(compute="_compute_partner", store=True, readonly=False)
    partner_phone = fields.Char(compute="_compute_partner", store=True, readonly=False)
    stage_id = fields.Many2one("helpdesk.stage", compute="_compute_stage_id", store=True, readonly=False, tracking=True)
    user_id = fields.Many2one("res.users", tracking=True)

    @api.depends("partner_id")
    def _compute_partner(self):
        for ticket in self.filtered("partner_id"):
            ticket.partner_name = ticket.partner_id.name
            ticket.partner_email = ticket.partner_id.email
            ticket.partner_phone = ticket.partner_id.phone

    @api.depends("team_id")
    def _compute_stage_id(self):
        for ticket in self:
            stages = ticket.team_id.stage_ids
            if ticket.stage_id not in stages:
                ticket.stage_id = stages.sorted()[:1]
