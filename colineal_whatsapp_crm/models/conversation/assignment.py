from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...lib.guard import CAREFUL, guard
from ..handover import LEAD_REASONS, QUIET_REASONS


class WhatsappConversation(models.Model):
    """Which colleague gets a conversation that is handed over, and with it the lead."""

    _inherit = "whatsapp.conversation"

    def _assign_to(self, user):
        """Make a user the one who is waited for: with an activity and, unless it is quiet, the salesperson and rung.

        While the shop is closed they are told, and the customer's time begins, when it opens.
        """
        self._open_support_case(user)
        handover, assistant = self.handover_id, self.assistant_id
        now = fields.Datetime.now()
        minutes, calendar = self._get_answer_minutes(), assistant.resource_calendar_id
        expected = now + timedelta(minutes=minutes)
        if calendar:
            expected = calendar.plan_hours(minutes / 60, now, compute_leaves=True) or expected
        is_quiet = handover.reason in QUIET_REASONS
        opening = False if is_quiet else self._get_opening()
        handover.write(
            {
                "user_id": user.id,
                "asked_at": now,
                "answer_by": expected if minutes else False,
                "notify_at": opening,
            }
        )
        # Whose new lead it is, theirs is the conversation, unless it is somebody's already.
        is_theirs = not is_quiet or (handover.reason == "lead" and not self._filter_assignable(self.user_id))
        values = {"person_at": expected, **({"user_id": user.id} if is_theirs else {})}
        # The note of the change is made for the thread, and may be what fails.
        silent = {"mail_auto_subscribe_no_notify": True, "tracking_disable": bool(self.env.context.get(CAREFUL))}
        self.with_context(**silent).write(values)
        if not is_quiet or handover.reason == "lead":
            guard(self, "lead", self._assign_lead_to, user)
        for moment in filter(None, (minutes and expected, opening)):
            # A second later than that, since jobs are called at whole ones.
            self.env["ir.cron"]._wake(
                "colineal_whatsapp_crm.ir_cron_look_after", moment.replace(microsecond=0) + timedelta(seconds=1)
            )
        guard(self, "activity", self._plan_answer, user, expected)
        guard(self, "ticket", self._assign_ticket, user)
        if user != self.env.user and not is_quiet and not opening:
            guard(self, "thread", self._ring, user)

    def _get_answer_minutes(self):
        """How long who is waited for has; 0 for as long as they want."""
        hot = self.handover_id.reason == "hot" and self.assistant_id._get_bounded("hot_minutes")
        return hot or self.assistant_id._get_bounded("answer_minutes")

    def _get_opening(self):
        """When the shop opens, naive UTC; False while it is open, or keeps no hours."""
        opening = self.assistant_id._get_next_opening()
        return opening.astimezone(UTC).replace(tzinfo=None) if opening else False

    def _pick_assignee(self, reason, exclude):
        """Who is to look after the conversation now; none only in a company without anybody in sales.

        The lead's salesperson, or the conversation's, if they can be reached; else whose turn it is in the team. When
        nobody can be reached it is still somebody's: the same people in the same order, then the team's leader.
        """
        team, is_support = self._get_handover_team(reason)
        nobody = self.env["res.users"]
        owners = nobody if is_support else self.lead_id.sudo().user_id | self._get_salesperson()
        owners = (owners - exclude).filtered(self._can_be_assigned)
        here, perhaps = owners._split_by_reach()
        return (
            (owners & (here | perhaps))[:1]
            or (team and team._pick_for_whatsapp(self, exclude))
            or owners[:1]
            or (team and team._pick_for_whatsapp(self, exclude, include_absent=True))
            or self._get_leader(team, exclude)
        )

    def _get_handover_team(self, reason):
        """The team to ask, and whether it is one for support only."""
        support = self.assistant_id.support_team_id if reason == "support" else self.env["crm.team"]
        support = self._filter_teams(support)
        return support or self._get_team() or self._get_other_team(), bool(support)

    def _get_other_team(self):
        """Whom to ask where the sender has no team: the lead's, else the first that CRM gives leads to."""
        lead_team = self._filter_teams(self.lead_id.sudo().team_id)
        return lead_team or self.env["crm.team"]._find_for_whatsapp(
            self.company_id, exclude=self.assistant_id.support_team_id
        )

    def _get_leader(self, team, exclude):
        """The team's leader, or a sales administrator where there is none."""
        leaders = self._filter_assignable(team.sudo().user_id)
        leaders = leaders or self.env.ref("sales_team.group_sale_manager").sudo().all_user_ids.sorted("id")
        return (leaders - exclude).filtered(self._can_be_assigned)[:1]

    def _can_be_assigned(self, user):
        """Whether a user is a colleague who can be given the conversation."""
        return self._is_assignable(user, self.company_id)

    @api.model
    def _is_assignable(self, user, company):
        return (
            user.active
            and not user.share
            and company in user.with_context(active_test=False).company_ids
            and user.has_group("sales_team.group_sale_salesman")
        )

    def _check_can_be_assigned(self, user):
        """Raise a `UserError` when a user may not be given these conversations: what customers say would reach them."""
        for conversation in self:
            if not conversation.sudo()._can_be_assigned(user.sudo()):
                raise UserError(
                    self.env._(
                        "%s cannot be given this conversation: it takes a colleague in Sales, of the same company.",
                        user.display_name,
                    )
                )

    def _filter_assignable(self, users):
        """Of users, those who can look after the conversation."""
        return users.filtered(self._can_be_assigned)

    def _assign_lead_to(self, user):
        """Who has the conversation sells to the customer, unless somebody does already or it is with a support team.

        A lead that got its salesperson by a hand-over is passed on with it.
        """
        lead, handover = self.lead_id.sudo(), self.handover_id
        owner = self._filter_assignable(lead.user_id)
        if not lead or not self._is_open(lead) or self._get_handover_team(handover.reason)[1]:
            return
        if not self._is_of_our_company(lead):
            # Somebody gave it to another company, whose colleagues are none of ours.
            return
        if not owner or (handover.assigned_lead and owner != user):
            # The team stays what it is, also for who helps out.
            values = {"user_id": user.id, **({"team_id": lead.team_id.id} if lead.team_id else {})}
            lead.with_context(mail_auto_subscribe_no_notify=True, whatsapp_assigning=True).write(values)
            handover.assigned_lead = True

    def _follow_salesperson(self):
        """Where CRM gave the lead to somebody, what was promised of it is theirs to do."""
        for conversation in self:
            user = conversation.lead_id.user_id
            is_theirs = user == conversation._get_called_user() or not conversation._can_be_assigned(user)
            follows = conversation.handover_id.reason in (*QUIET_REASONS, *LEAD_REASONS)
            if follows and conversation._is_awaited() and not is_theirs:
                # What somebody decided is not passed on with the hand-over.
                conversation.handover_id.assigned_lead = False
                conversation._with_its_company()._assign_to(user)
