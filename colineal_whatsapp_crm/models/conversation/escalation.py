# Each conversation is passed on or given back in a transaction of its own.
# pylint: disable=invalid-commit
from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from ...lib.guard import guard
from .base import WITH_PEOPLE

_BATCH = 100


class WhatsappConversation(models.Model):
    """What becomes of a conversation that a person was given and does not look after."""

    _inherit = "whatsapp.conversation"

    @api.model
    def _cron_look_after(self):
        """Pass on what was not answered in time, and give back to the assistant what people have left."""
        now = fields.Datetime.now()
        self._reassign_departed()
        self._look_after([("handover_id.notify_at", "<=", now)], "handover_id", type(self)._ring_at_opening)
        self._look_after([("handover_id.answer_by", "<=", now)], "handover_id", type(self)._escalate)
        # Who is asked last has no end to their time, and ticks it off all the same.
        ticked_off = [
            ("ended_at", "=", False),
            ("user_id", "!=", False),
            ("answer_by", "=", False),
            "|",
            ("activity_id", "=", False),
            ("activity_id.active", "=", False),
        ]
        self._look_after([("handover_id", "any", ticked_off)], "handover_id", type(self)._end_ticked_off)
        for assistant in self.env["whatsapp.assistant"].search([("return_hours", ">", 0)]):
            left = [
                ("sender_id.assistant_id", "=", assistant.id),
                ("stage", "in", WITH_PEOPLE),
                ("person_at", "<=", now - timedelta(hours=assistant._get_bounded("return_hours"))),
            ]
            self._look_after(left, "person_at", type(self)._return_to_assistant)

    def _look_after(self, domain, moment, step):
        """Run `step` on some conversations whose `moment` has come, each locked and committed by itself."""
        failures = self.env["whatsapp.job.failure"]
        put_off = [("id", "not in", failures._get_put_off("look_after", self._name))]
        due = self.search([*domain, *put_off], order=moment, limit=_BATCH)
        failures._run_each("look_after", due, partial(self._try_step, domain, step))
        if len(due) == _BATCH:
            self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_look_after")
            self.env.cr.commit()

    @staticmethod
    def _try_step(domain, step, conversation):
        # Another worker may have done it since they were searched.
        if conversation.try_lock_for_update() and conversation.filtered_domain(domain):
            step(conversation._with_its_company())

    @api.model
    def _reassign_departed(self):
        """What colleagues have who left, or who may not look after it any more, goes to the next by the rules."""
        failures = self.env["whatsapp.job.failure"]
        put_off = failures._get_put_off("look_after", self._name)
        for user, company in self._get_departed():
            theirs = self.search(
                [
                    ("id", "not in", put_off),
                    ("company_id", "=", company.id),
                    ("stage", "!=", "closed"),
                    "|",
                    "|",
                    ("user_id", "=", user.id),
                    ("handover_id.user_id", "=", user.id),
                    (
                        "lead_id",
                        "any",
                        [
                            ("user_id", "=", user.id),
                            ("won_status", "=", "pending"),
                            ("company_id", "in", [False, company.id]),
                        ],
                    ),
                ],
                limit=_BATCH,
            )
            failures._run_each("look_after", theirs, type(self)._reassign)

    @api.model
    def _get_departed(self):
        """Who has open conversations or their leads and cannot look after them: [(user, company)]."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT user_id, company_id FROM whatsapp_conversation WHERE stage != 'closed' AND user_id IS NOT NULL
                UNION
               SELECT user_id, company_id FROM whatsapp_handover WHERE ended_at IS NULL AND user_id IS NOT NULL
                UNION
               SELECT lead.user_id, conversation.company_id
                 FROM whatsapp_conversation conversation JOIN crm_lead lead ON lead.id = conversation.lead_id
                WHERE conversation.stage != 'closed' AND lead.active AND lead.won_status = 'pending'
                  AND lead.user_id IS NOT NULL
                  AND (lead.company_id IS NULL OR lead.company_id = conversation.company_id)"""
        )
        users, companies = self.env["res.users"].sudo(), self.env["res.company"]
        pairs = [(users.browse(user), companies.browse(company)) for user, company in self.env.cr.fetchall()]
        return [(user, company) for user, company in pairs if not self._is_assignable(user, company)]

    def _reassign(self):
        """Somebody else for who left: to answer where a person is waited for or writes, and to sell."""
        if not self.try_lock_for_update():
            return
        conversation = self._with_its_company()
        lead = conversation.lead_id.sudo()
        if conversation.user_id and not conversation._filter_assignable(conversation.user_id):
            missed = conversation.user_id
            if conversation.stage in WITH_PEOPLE or conversation.handover_id:
                conversation._hand_over(conversation.handover_id.reason or "left")
            if conversation.user_id == missed:
                conversation.user_id = conversation._filter_assignable(lead.user_id)
        elif conversation._has_asked_departed():
            # What is quiet is on the list of somebody who need not have the conversation, and goes when they do.
            conversation._hand_over(conversation.handover_id.reason)
        is_ours = conversation._is_open(lead) and conversation._is_of_our_company(lead)
        if lead.user_id and is_ours and not conversation._filter_assignable(lead.user_id):
            nobody = self.env["res.users"]
            lead.user_id = (
                conversation._filter_assignable(conversation._get_salesperson())
                or (not conversation.is_simulated and conversation._pick_assignee("left", exclude=nobody))
                or nobody
            )

    def _has_asked_departed(self):
        """Whether who is waited for left before they ticked it off; with who is archived, Odoo deletes the activity."""
        handover = self.handover_id
        is_done = handover.activity_id and not handover.activity_id.active
        return handover.user_id and not is_done and not self._filter_assignable(self._get_called_user())

    def _end_ticked_off(self):
        """End the hand-over where who was asked has ticked off the activity. Returns whether."""
        if self._is_awaited():
            return False
        self._end_handover("done", "")
        self._broadcast_state()
        return True

    def _ring_at_opening(self):
        """The shop has opened: who is there now is told of who was handed over while it was closed."""
        if self._end_ticked_off():
            return
        handover = self.handover_id
        self._silence_for(handover.reason)
        self._assign_to(self._pick_assignee(handover.reason, self.env["res.users"]) or handover.user_id)
        self._broadcast_state()

    def _escalate(self):
        """Nobody answered in time: the next member of the team, then its leader; who was asked goes on seeing it."""
        self.ensure_one()
        if self._end_ticked_off():
            return
        if guard(self, "ticket", self._follow_ticket):
            # Who closed the case in Helpdesk has looked after the customer.
            return
        missed = self._get_called_user()
        handover = self.handover_id
        tried = handover.missed_user_ids | missed
        team = self._get_handover_team(handover.reason)[0]
        first = team and not handover.missed_user_ids
        member = team._pick_for_whatsapp(self, tried) if first else self.env["res.users"]
        user = member or self._get_leader(team, tried)
        minutes = self._get_answer_minutes()
        if not user:
            handover.answer_by = False
            text = self.env._(
                "%(user)s has not answered within %(minutes)s minutes, and there is nobody else to ask.",
                user=missed.name,
                minutes=minutes,
            )
        else:
            handover.missed_user_ids |= missed
            self._assign_to(user)
            if not member:
                # There is nobody after the leader.
                handover.answer_by = False
            text = self.env._(
                "%(user)s has not answered within %(minutes)s minutes: handed to %(next)s.",
                user=missed.name,
                minutes=minutes,
                next=user.name,
            )
        self._post_internal_note(text)
        self._broadcast_state()

    def _return_to_assistant(self):
        hours = self.assistant_id._get_bounded("return_hours")
        if self.handover_id:
            text = self.env._("Nobody has answered for %s hours: the assistant goes on from the next message.", hours)
        else:
            text = self.env._(
                "No colleague has written for %s hours: the assistant goes on from the next message.", hours
            )
        self._hand_back(text)
