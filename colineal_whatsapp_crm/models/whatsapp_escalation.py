# Each conversation is passed on or given back in a transaction of its own.
# pylint: disable=invalid-commit
import logging
from datetime import timedelta

from odoo import api, fields, models

from .. import transactions

_logger = logging.getLogger(__name__)

_BATCH = 100
#: What could not be passed on is tried again after this.
_RETRY = timedelta(minutes=15)


class WhatsappConversation(models.Model):
    """What becomes of a conversation that a person was given and does not look after."""

    _inherit = "whatsapp.conversation"

    @api.model
    def _cron_look_after(self):
        """Pass on what was not answered in time, and give back to the assistant what people have left."""
        now = fields.Datetime.now()
        self._look_after([("answer_by", "<=", now)], "answer_by", type(self)._pass_on)
        for assistant in self.env["whatsapp.assistant"].search([("return_hours", ">", 0)]):
            left = [
                ("sender_id.assistant_id", "=", assistant.id),
                ("stage", "in", ("support", "person")),
                ("person_at", "<=", now - timedelta(hours=assistant.return_hours)),
            ]
            self._look_after(left, "person_at", type(self)._return)

    def _look_after(self, domain, moment, step):
        """Run `step` on some conversations whose `moment` has come, each locked and committed by itself."""
        due = self.search(domain, order=moment, limit=_BATCH)
        for conversation in due:
            try:
                transactions.commit(self.env, self._try_step, conversation, domain, step)
            except transactions.LOST_RACE:
                continue
            except Exception:
                self.env.cr.rollback()
                _logger.exception("%s could not be looked after", conversation)
                conversation[moment] += _RETRY
                self.env.cr.commit()
        if len(due) == _BATCH:
            self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_look_after")
            self.env.cr.commit()

    def _try_step(self, conversation, domain, step):
        # Another worker may have done it since they were searched.
        if conversation.try_lock_for_update() and conversation.filtered_domain(domain):
            step(conversation._with_its_company())

    def _pass_on(self):
        """Nobody answered in time: the next member of the team, then its leader; who was asked goes on seeing it."""
        self.ensure_one()
        if not self._is_awaited():
            self._stop_waiting("")
            return
        missed, tried = self.user_id, self.missed_user_ids | self.user_id
        team = self._get_hand_over_team(self.handover_reason)[0]
        member = team._pick_for_whatsapp(self, tried) if team and not self.missed_user_ids else self.env["res.users"]
        user = member or self._get_leader(team, tried)
        minutes = self.assistant_id.answer_minutes
        if not user:
            self.answer_by = False
            text = self.env._(
                "%(user)s has not answered within %(minutes)s minutes, and there is nobody else to ask.",
                user=missed.name,
                minutes=minutes,
            )
        else:
            self.missed_user_ids |= missed
            self._give_to(user)
            if not member:
                # There is nobody after the leader.
                self.answer_by = False
            text = self.env._(
                "%(user)s has not answered within %(minutes)s minutes: handed to %(next)s.",
                user=missed.name,
                minutes=minutes,
                next=user.name,
            )
        self._note(text)
        self._tell_channel()

    def _return(self):
        hours = self.assistant_id.return_hours
        if self.awaited_since:
            text = self.env._("Nobody has answered for %s hours: the assistant goes on from the next message.", hours)
        else:
            text = self.env._(
                "No colleague has written for %s hours: the assistant goes on from the next message.", hours
            )
        self._hand_back(text)
