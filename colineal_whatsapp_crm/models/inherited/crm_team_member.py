from ast import literal_eval
from datetime import datetime

from odoo import models

from ..conversation.base import WITH_PEOPLE


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
            ["__count"],
        )
        handovers = self.env["whatsapp.handover"].sudo()
        asked = dict(
            handovers._read_group(
                [("user_id", "in", users), ("conversation_id", "!=", conversation.id)], ["user_id"], ["asked_at:max"]
            )
        )
        missed = dict(
            handovers._read_group(
                [("missed_user_ids", "in", users), ("ended_at", "=", False)], ["missed_user_ids"], ["__count"]
            )
        )
        # What nobody was rung for is on somebody's list all the same.
        listed = dict(
            handovers._read_group(
                [
                    ("user_id", "in", users),
                    ("conversation_id", "!=", conversation.id),
                    ("ended_at", "=", False),
                    ("activity_id.active", "=", True),
                ],
                ["user_id"],
                ["__count"],
            )
        )
        load = {user: missed.get(user, 0) + listed.get(user, 0) for user in self.user_id}
        last = {user: asked.get(user) or datetime.min for user in self.user_id}
        for user, stage, count in mine:
            load[user] += count if stage in WITH_PEOPLE else 0
        lead = conversation.lead_id

        def turn(member):
            wished = lead and member.assignment_domain_preferred
            preferred = bool(wished) and member._accepts_for_whatsapp(lead, wished)
            return not preferred, load[member.user_id] / member.assignment_max, last[member.user_id], member.id

        return self.sorted(turn)[:1]
