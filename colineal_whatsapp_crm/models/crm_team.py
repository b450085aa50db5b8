from ast import literal_eval
from datetime import datetime

from odoo import models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def _pick_for_whatsapp(self, conversation, but, whether_or_not_there=False):
        """The user of the team whose turn it is to look after a conversation, or none.

        As the team assigns leads: nobody when it skips assignment, no member who pauses or has no capacity, none whose
        domain does not fit the lead, those first who prefer it. Of these, who has the least to do for their capacity;
        among equals, who waits longest. What a member let pass counts as something to do, or who is not there would be
        asked first every time.

        but
            users who are not to be asked.
        whether_or_not_there
            somebody must have it, even if nobody can be reached now.
        """
        team = self.sudo()
        members = team.crm_team_member_ids.filtered(
            lambda member: (
                not member.assignment_optout
                and member.assignment_max > 0
                and member.user_id not in but
                and conversation._may_look_after(member.user_id)
                and member._accepts_for_whatsapp(conversation.lead_id, member.assignment_domain)
            )
        )
        if team.assignment_optout or not members:
            return self.env["res.users"]
        here, perhaps = members.user_id._split_by_reach()
        reached = here or perhaps or (members.user_id if whether_or_not_there else self.env["res.users"])
        return members.filtered(lambda member: member.user_id in reached)._get_next_for_whatsapp(conversation).user_id


class CrmTeamMember(models.Model):
    _inherit = "crm.team.member"

    @staticmethod
    def _accepts_for_whatsapp(lead, domain):
        """Whether a domain of a member lets a lead through; a conversation without a lead has nothing to be held to."""
        return not lead or not domain or bool(lead.sudo().filtered_domain(literal_eval(domain)))

    def _get_next_for_whatsapp(self, conversation):
        if not self:
            return self
        conversations = self.env["whatsapp.conversation"].sudo()
        users = self.user_id.ids
        mine = conversations._read_group(
            [("user_id", "in", users), ("id", "!=", conversation.id)],
            ["user_id", "stage"],
            ["__count", "handed_at:max"],
        )
        missed = dict(
            conversations._read_group(
                [("missed_user_ids", "in", users), ("stage", "!=", "closed")], ["missed_user_ids"], ["__count"]
            )
        )
        # What nobody was rung for is on somebody's list all the same.
        listed = dict(
            self.env["mail.activity"]
            .sudo()
            ._read_group(
                [("res_model", "=", conversations._name), ("user_id", "in", users), ("res_id", "!=", conversation.id)],
                ["user_id"],
                ["__count"],
            )
        )
        load = {user: missed.get(user, 0) + listed.get(user, 0) for user in self.user_id}
        last = dict.fromkeys(self.user_id, datetime.min)
        for user, stage, count, handed_at in mine:
            load[user] += count if stage in ("support", "person") else 0
            last[user] = max(last[user], handed_at or datetime.min)
        lead = conversation.lead_id

        def turn(member):
            wished = lead and member.assignment_domain_preferred
            preferred = bool(wished) and member._accepts_for_whatsapp(lead, wished)
            return not preferred, load[member.user_id] / member.assignment_max, last[member.user_id], member.id

        return self.sorted(turn)[:1]
