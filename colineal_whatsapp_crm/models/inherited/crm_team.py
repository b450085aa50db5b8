from odoo import api, models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    @api.model
    def _find_for_whatsapp(self, company, exclude):
        """The first of a company's teams that CRM assigns leads to, with a member who takes some; maybe none.

        exclude
            teams that sell nothing.
        """
        teams = self.sudo().search([("company_id", "in", [company.id, False]), ("assignment_optout", "=", False)])
        can_have = self.env["whatsapp.conversation"]._is_assignable
        return (teams - exclude).filtered(
            lambda team: any(can_have(member.user_id, company) for member in team._get_takers_for_whatsapp())
        )[:1]

    def _get_takers_for_whatsapp(self):
        """The members who take leads: none who pauses or has no capacity."""
        return self.crm_team_member_ids.filtered(
            lambda member: not member.assignment_optout and member.assignment_max > 0
        )

    def _pick_for_whatsapp(self, conversation, exclude, include_absent=False):
        """The user of the team whose turn it is to look after a conversation, or none.

        As the team assigns leads: nobody when it skips assignment, no member who pauses or has no capacity, none whose
        domain does not fit the lead, those first who prefer it. Of these, who has the least to do for their capacity;
        among equals, who waits longest. What a member let pass counts as something to do, or who is not there would be
        asked first every time.

        exclude
            users who are not to be asked.
        include_absent
            somebody must have it, even if nobody can be reached now.
        """
        team = self.sudo()
        members = team._get_takers_for_whatsapp().filtered(
            lambda member: (
                member.user_id not in exclude
                and conversation._can_be_assigned(member.user_id)
                and member._accepts_for_whatsapp(conversation.lead_id, member.assignment_domain)
            )
        )
        if team.assignment_optout or not members:
            return self.env["res.users"]
        here, perhaps = members.user_id._split_by_reach()
        reached = here or perhaps or (members.user_id if include_absent else self.env["res.users"])
        return members.filtered(lambda member: member.user_id in reached)._get_next_for_whatsapp(conversation).user_id
