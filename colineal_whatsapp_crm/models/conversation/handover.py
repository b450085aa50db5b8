import logging
from dataclasses import replace
from datetime import UTC, timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import UserError
from odoo.tools import plaintext2html
from pytz import timezone

from ...lib.clock import utcnow
from ...lib.guard import CAREFUL, guard
from .base import QUIET_REASONS

_logger = logging.getLogger(__name__)

REASONS = [
    ("support", "Support"),
    ("human", "Asked for a person"),
    ("unsure", "Not understood"),
    ("unheard", "Photo, voice note, file, place or card"),
    ("lead", "New lead"),
    ("promised", "Promised an answer"),
    ("waiting", "Awaits an answer"),
    ("loop", "Goes round in circles"),
    ("machine", "Automatic answers"),
    ("late", "Messages that came late"),
    ("parked", "Could not be read"),
    ("no_lead", "The lead could not be made"),
    ("left", "The colleague left"),
    ("sms", "SMS"),
]

#: Where the assistant must be silent. With a photo it goes on asking for words, and late messages are no reason to.
_STAGE_OF_REASON = {
    "support": "support",
    **dict.fromkeys(("human", "unsure", "loop", "parked", "sms"), "person"),
}

#: Of what the customer is told, in the turn that is the reason.
_TOLD = ("support", "human", "unsure", "loop")

#: So many automatic answers in a row, and somebody is to look at it.
_MACHINE_TURNS = 2


class WhatsappConversation(models.Model):
    """How a conversation goes from the assistant to a person, and back."""

    _inherit = "whatsapp.conversation"

    handover_reason = fields.Selection(REASONS, string="Handed Over For", readonly=True, copy=False)
    awaited_since = fields.Datetime(
        string="Waiting for a Person Since", readonly=True, copy=False, help="Handed over and not answered yet."
    )
    handed_at = fields.Datetime(readonly=True, copy=False, help="When the salesperson was given it.")
    answer_by = fields.Datetime(readonly=True, copy=False, help="When it is passed on, unless a person has answered.")
    person_at = fields.Datetime(
        readonly=True, copy=False, help="When a person last wrote or took over, or was to answer at the latest."
    )
    missed_user_ids = fields.Many2many(
        "res.users", "whatsapp_conversation_missed_rel", string="Did Not Answer", readonly=True, copy=False
    )
    handover_activity_id = fields.Many2one("mail.activity", ondelete="set null", readonly=True, copy=False)
    handover_turn_id = fields.Many2one(
        "whatsapp.classification", ondelete="set null", readonly=True, copy=False, help="The turn that called a person."
    )
    given_back_turn_id = fields.Many2one(
        "whatsapp.classification",
        ondelete="set null",
        readonly=True,
        copy=False,
        help="The last turn before the assistant got it back.",
    )
    silence_reason = fields.Selection(
        [
            ("own_number", "Comes from a number of ours"),
            ("machine", "A machine answers"),
            ("loop", "Goes round in circles"),
        ],
        string="Not Answered Because",
        readonly=True,
        copy=False,
        help="Why the assistant does not answer what comes.",
    )
    is_followed = fields.Boolean(
        string="Followed in Discuss", compute="_compute_is_followed", help="Whether you are a member of its thread."
    )

    _answer_by_index = models.Index("(answer_by) WHERE answer_by IS NOT NULL")
    _person_at_index = models.Index("(person_at) WHERE stage IN ('support', 'person')")

    @api.depends("channel_id.channel_member_ids")
    @api.depends_context("uid")
    def _compute_is_followed(self):
        for conversation in self:
            conversation.is_followed = conversation.channel_id.sudo().is_member

    # Buttons

    def action_take_over(self):
        """A person takes the conversation from the assistant, or from a colleague who is waited for."""
        for conversation in self._checked_sudo("write"):
            conversation._take_over(self.env.user)
            if conversation.awaited_since and conversation.user_id != self.env.user:
                conversation._assign_to(self.env.user)

    def action_hand_back(self):
        """The assistant goes on with the conversation, from the customer's next message."""
        conversations = self._checked_sudo("write")
        for conversation in conversations.filtered(lambda conversation: conversation.stage in ("person", "support")):
            conversation._hand_back(self.env._("The assistant goes on from the customer's next message."))

    def action_follow(self):
        """Be told of what is written in the thread, without taking the conversation over."""
        for conversation in self._checked_sudo("write"):
            conversation._get_channel()._add_members(users=self.env.user, post_joined_message=False)

    def action_unfollow(self):
        for channel in self._checked_sudo("read").channel_id:
            channel._action_unfollow(self.env.user.partner_id, post_leave_message=False)

    # To a person

    @api.private
    def hand_over(self):
        """Call a person to each conversation about support; once, not again for every message that follows."""
        for conversation in self:
            if not conversation._is_support_known():
                conversation._hand_over("support")

    def _is_support_known(self):
        """Whether the turn goes on about what was handed to support already, by the assistant or by a colleague."""
        self.ensure_one()
        if self.awaited_since and self.handover_reason == "support" and not self._announces_hand_over():
            return True
        before = self._get_turn_before()
        return before.action == "transfer_to_support" and before.id > self.given_back_turn_id.id

    def _hand_over_after_turn(self, messages):
        """Call a person where the turn needs one; what is about support, its action hands over."""
        self.ensure_one()
        turn = self.classification_id
        if turn._rests_on("automatic"):
            self._handle_automatic_reply()
            return
        if self.silence_reason and not turn._rests_on("repeated"):
            self.silence_reason = False
        if turn.action == "transfer_to_support" and not self._is_support_known():
            return
        if turn.action != "transfer_to_support" and "human" in (turn.questions or ()):
            self._hand_over("human")
        elif any(message._is_unheard() for message in messages):
            self._hand_over("unheard")
        elif turn.action != "transfer_to_support" and self._is_unsure():
            self._hand_over("unsure")
        elif turn.action != "transfer_to_support" and "waiting" in (turn.questions or ()):
            self._hand_over("waiting")

    def _handle_automatic_reply(self):
        """A business's phone answers by itself: nothing is said to it, and after some of it a person is told, once."""
        self._set_silent(
            "machine", self.env._("An automatic answer came, which no person wrote. The assistant does not answer it.")
        )
        if self._get_state().automatic == _MACHINE_TURNS:
            self._hand_over("machine")

    def _set_silent(self, reason, text):
        """Keep why nothing is answered, and say it on the conversation: once for as long as it lasts."""
        if self.silence_reason != reason:
            self.silence_reason = reason
            self._log_internal_note(text)

    def _log_internal_note(self, text):
        """A note for colleagues, in the thread where there is one: for this alone none is made."""
        if self.channel_id:
            self._post_internal_note(text)
        else:
            guard(self, "thread", lambda: self._message_log(body=text))

    def _plan_promises(self, wordings):
        """What the customer was just told a person will do, a person gets to do: the one place where that is seen to.

        wordings
            what was said; each says by its `promises` whether it promises anything.
        """
        self.ensure_one()
        situations = set(wordings.filtered("promises").mapped("situation"))
        if not situations:
            return
        reason = "lead" if "create_lead" in situations else "promised"
        # Who has been called already sees what is said.
        if not self._announces_hand_over() and (reason == "lead" or not self._is_awaited()):
            guard(self, "hand_over", self._hand_over, reason)

    def _is_unsure(self):
        """Whether this turn and the one before were read with too little confidence."""
        least = self.assistant_id._get_bounded("unsure_percent") / 100
        if self.classification_id.confidence >= least:
            return False
        before = self._get_turn_before()
        return before.id > self.given_back_turn_id.id and before.confidence < least

    def _hand_over(self, reason, by_colleague=False):
        """Have a person look after the conversation: the one door, whatever the reason.

        They become its salesperson and member of its thread, and get an activity; the assistant falls silent where
        `_STAGE_OF_REASON` says. Nothing changes where a person is writing with the customer already, and who is waited
        for is not changed for a second reason, unless that is support and the assistant has a team for it.

        by_colleague
            somebody wants it handed over, and may be writing with the customer.
        """
        self.ensure_one()
        if self.is_simulated:
            self._simulate_hand_over(reason, by_colleague)
            return
        if self.opted_out and not by_colleague:
            # Nobody may answer.
            self._silence_for(reason)
            return
        conversation = self._with_its_company()
        able = conversation._filter_assignable(conversation.user_id)
        if not by_colleague and conversation.stage == "person" and able and not self.awaited_since:
            return
        called = conversation._filter_assignable(conversation._get_called_user())
        if called and conversation._is_awaited() and not by_colleague:
            support_team = conversation.assistant_id.support_team_id
            to_support = support_team and reason == "support" != conversation.handover_reason
            # Who has it on their list is rung as soon as there is haste.
            presses = conversation.handover_reason in QUIET_REASONS and reason not in QUIET_REASONS
            if not (to_support or presses):
                conversation._silence_for(reason)
                conversation._add_reason(reason)
                return
        user = conversation._pick_assignee(reason, exclude=self.env.user if by_colleague else self.env["res.users"])
        if not user:
            _logger.warning("%s waits for a person, and nobody in %s may be asked", self, self.company_id.name)
            return
        is_new_to_customer = by_colleague and conversation.stage not in ("person", "support")
        conversation._silence_for(reason, by_colleague)
        conversation.write(
            {
                "handover_reason": reason,
                "awaited_since": fields.Datetime.now(),
                "missed_user_ids": [fields.Command.clear()],
                "handover_turn_id": conversation.classification_id.id if reason in _TOLD else False,
            }
        )
        conversation._assign_to(user)
        note = conversation._log_internal_note if reason in QUIET_REASONS else conversation._post_internal_note
        note(
            conversation.env._(
                "%(reason)s: handed to %(user)s.", reason=conversation._get_summary(reason), user=user.name
            )
        )
        if is_new_to_customer:
            conversation._promise_support()
        conversation._broadcast_state()

    def _wait_for_anybody(self, _error):
        """Nobody could be called: the inbox shows to everybody that the customer waits."""
        now = fields.Datetime.now()
        self.with_context(tracking_disable=True).write(
            {"awaited_since": self.awaited_since or now, "waiting_since": self.waiting_since or now}
        )

    def _silence_for(self, reason, by_colleague=False):
        stage = _STAGE_OF_REASON.get(reason)
        if stage and (by_colleague or self.stage != "person"):
            self.stage = stage

    def _promise_support(self):
        """Tell the customer what a colleague decided, as long as WhatsApp lets us."""
        if not self.window_until or self.window_until < utcnow():
            return
        values = self._get_placeholder_values()
        wordings = self._choose_wordings(["transfer_to_support", *self._get_off_hours(values)], values)
        if wordings:
            lines = self._queue(wordings._render(values))
            lines.wording_ids = wordings
            self.env["whatsapp.worker"]._wake()

    def _is_awaited(self):
        """Whether the person who was called has neither answered nor ticked the activity off."""
        return bool(self.awaited_since and self.handover_activity_id.active)

    def _get_called_user(self):
        """Who is waited for."""
        return self.handover_activity_id.user_id or self.user_id

    def _announces_hand_over(self):
        """Whether the last turn called a person who has not written since: the customer is told, once."""
        return bool(self.awaited_since and self.handover_turn_id and self.handover_turn_id == self.classification_id)

    def _get_summary(self, reason):
        return {
            "support": self.env._("A customer needs support on WhatsApp"),
            "human": self.env._("A customer on WhatsApp wants to talk to a person"),
            "unsure": self.env._("The assistant does not understand a customer on WhatsApp"),
            "unheard": self.env._("A photo, voice note or file on WhatsApp waits for a person"),
            "lead": self.env._("A new lead on WhatsApp was promised a call"),
            "promised": self.env._("A customer on WhatsApp was promised an answer"),
            "waiting": self.env._("A customer on WhatsApp awaits an answer"),
            "loop": self.env._("The assistant and a customer on WhatsApp go round in circles"),
            "machine": self.env._("A machine seems to answer on WhatsApp"),
            "late": self.env._("WhatsApp messages arrived late and were not answered"),
            "parked": self.env._("The assistant cannot read this conversation"),
            "no_lead": self.env._("The lead of a customer on WhatsApp could not be made"),
            "left": self.env._("The colleague who looked after a customer on WhatsApp has left"),
            "sms": self.env._("A customer sent an SMS to the WhatsApp number, which is not answered"),
        }[reason]

    def _add_reason(self, reason):
        """A second reason for who is waited for: one activity, that says both."""
        if reason in _TOLD and not self.handover_turn_id:
            self.write({"handover_reason": reason, "handover_turn_id": self.classification_id.id})
        activity, summary = self.handover_activity_id, self._get_summary(reason)
        if reason == "lead" and self.handover_reason in QUIET_REASONS:
            self.handover_reason, activity.summary = reason, summary
        if summary not in (activity.note or "") and summary != activity.summary:
            activity.note = Markup("%s<p>%s</p>") % (activity.note or "", summary)
            if reason == "waiting":
                # They were called before, and the customer noticed that they have not come.
                self._ring(self._get_called_user())

    def _get_hand_over_team(self, reason):
        """The team to ask, and whether it is one for support only."""
        support = self.assistant_id.support_team_id if reason == "support" else self.env["crm.team"]
        support = self._filter_teams(support)
        return support or self._get_team(), bool(support)

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

    def _pick_assignee(self, reason, exclude):
        """Who is to look after the conversation now; none only in a company without anybody in sales.

        The lead's salesperson, or the conversation's, if they can be reached; else whose turn it is in the team. When
        nobody can be reached it is still somebody's: the same people in the same order, then the team's leader.
        """
        team, is_support = self._get_hand_over_team(reason)
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

    def _get_leader(self, team, exclude):
        """The team's leader, or a sales administrator where there is none."""
        leaders = self._filter_assignable(team.sudo().user_id)
        leaders = leaders or self.env.ref("sales_team.group_sale_manager").sudo().all_user_ids.sorted("id")
        return (leaders - exclude).filtered(self._can_be_assigned)[:1]

    def _assign_to(self, user):
        """Make a user the one who is waited for: with an activity and, unless it is quiet, the salesperson and rung."""
        self._open_support_case(user)
        now = fields.Datetime.now()
        minutes, calendar = self.assistant_id._get_bounded("answer_minutes"), self.assistant_id.resource_calendar_id
        expected = now + timedelta(minutes=minutes)
        if calendar:
            expected = calendar.plan_hours(minutes / 60, now, compute_leaves=True) or expected
        values = {"handed_at": now, "person_at": expected, "answer_by": expected if minutes else False}
        is_quiet = self.handover_reason in QUIET_REASONS
        if not is_quiet:
            values["user_id"] = user.id
        # The note of the change is made for the thread, and may be what fails.
        silent = {"mail_auto_subscribe_no_notify": True, "tracking_disable": bool(self.env.context.get(CAREFUL))}
        self.with_context(**silent).write(values)
        if not is_quiet:
            guard(self, "lead", self._assign_lead_to, user)
        if minutes:
            # A second later than that, since jobs are called at whole ones.
            self.env["ir.cron"]._wake(
                "colineal_whatsapp_crm.ir_cron_look_after", expected.replace(microsecond=0) + timedelta(seconds=1)
            )
        guard(self, "activity", self._plan_answer, user, expected)
        if user != self.env.user and not is_quiet:
            guard(self, "thread", self._ring, user)

    def _assign_lead_to(self, user):
        """Who has the conversation sells to the customer, unless somebody does already or it is with a support team."""
        lead = self.lead_id.sudo()
        if lead and not self._filter_assignable(lead.user_id) and not self._get_hand_over_team(self.handover_reason)[1]:
            lead.with_context(mail_auto_subscribe_no_notify=True).user_id = user

    def _follow_salesperson(self):
        """Where CRM gave the lead to somebody, what was promised of it is theirs to do."""
        for conversation in self:
            user = conversation.lead_id.user_id
            is_theirs = user == conversation._get_called_user() or not conversation._can_be_assigned(user)
            if conversation.handover_reason in QUIET_REASONS and conversation._is_awaited() and not is_theirs:
                conversation._with_its_company()._assign_to(user)

    def _plan_answer(self, user, expected):
        """One activity that goes from hand to hand."""
        local = expected.replace(tzinfo=UTC).astimezone(
            timezone(user.tz or self.company_id._get_whatsapp_timezone(self.assistant_id.resource_calendar_id))
        )
        deadline = local.date() + timedelta(days=self.assistant_id._get_bounded("answer_days"))
        if self.handover_activity_id.active:
            self.handover_activity_id.write(
                {"user_id": user.id, "date_deadline": deadline, "summary": self._get_summary(self.handover_reason)}
            )
            return
        words = self._get_waiting_lines()[-1:]._get_shown_words()
        # No e-mail for what is quiet.
        quiet = self.with_context(mail_activity_quick_update=self.handover_reason in QUIET_REASONS)
        self.handover_activity_id = quiet.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=deadline,
            summary=self._get_summary(self.handover_reason),
            note=words and plaintext2html(words),
            user_id=user.id,
        )

    def _get_waiting_lines(self):
        """The customer's messages that a person was called for."""
        lines = self.handover_turn_id.message_ids.filtered(lambda line: line.direction == "inbound")
        return lines.sorted("id") or self.env["whatsapp.conversation.message"].search(
            [("conversation_id", "=", self.id), ("direction", "=", "inbound")], order="id desc", limit=1
        )

    def _ring(self, user):
        """Let Discuss tell a new member of what the customer wrote, as if it came now: unread, chat window, push."""
        channel = self._get_channel().sudo()
        messages = self._get_waiting_lines().mail_message_id.sudo().sorted("id")
        separator = {"new_message_separator": messages[:1].id} if messages else {}
        # As if they joined by themselves: they are told below what it is about, not that they were invited.
        joining = channel.with_user(user).sudo()
        joining._add_members(users=user, post_joined_message=False, create_member_params=separator)
        summary = self.with_context(lang=user.lang)._get_summary(self.handover_reason)
        user._bus_send("simple_notification", {"type": "info", "title": channel.name, "message": summary})
        if message := messages[-1:]:
            data = Store(bus_channel=user).add(message).get_result()
            user._bus_send("discuss.channel/new_message", {"data": data, "id": channel.id})
            recipients = [data for data in channel._notify_get_recipients(message) if data["id"] == user.partner_id.id]
            channel._notify_thread_by_web_push(message, recipients)

    def _take_over(self, user):
        """The conversation is with a person now: the assistant listens, and is silent."""
        self.ensure_one()
        self.write(
            {"stage": "person", "person_at": fields.Datetime.now(), **({} if self.user_id else {"user_id": user.id})}
        )
        self._assign_lead_to(self.user_id)
        channel = self._get_channel().sudo()
        if joined := channel._add_members(users=user, post_joined_message=False):
            # They have what was said before their eyes; to a new member, Discuss counts all of it as unread.
            last = [("model", "=", channel._name), ("res_id", "=", channel.id)]
            joined._mark_as_read(self.env["mail.message"].sudo().search(last, order="id desc", limit=1).id)
        self._settle_drafts()
        self._broadcast_state()

    def _settle_drafts(self):
        """What a model still words is not said any more, or said as it stands: a person's words do not wait for it."""
        drafts = self.env["whatsapp.conversation.message"].search(
            [("conversation_id", "=", self.id), ("state", "=", "drafting")]
        )
        for draft in drafts:
            if draft._is_stale():
                draft._move_to("dropped", error=self.env._("A person took over before it was worded."))
            else:
                draft._queue_now()

    def _stop_waiting(self, feedback, user=None):
        """Nobody is waited for any more: the activity is done."""
        self.ensure_one()
        was_awaited = self.awaited_since
        if activity := self.handover_activity_id.filtered("active"):
            activity.with_user(user or self.env.user).sudo().action_feedback(feedback=feedback)
        if self.awaited_since or self.answer_by:
            self.write({"awaited_since": False, "answer_by": False})
        if was_awaited and not self._count_unanswered()[self.id]:
            self.waiting_since = False

    def _hand_back(self, text):
        """Give the conversation back to the assistant; what comes next about support is a new case."""
        self.ensure_one()
        self._end_support_case()
        state = replace(self._get_state(), support=False, complained=())
        action = self.action if self.action != "transfer_to_support" else False
        self._stop_waiting(text)
        self.write(
            {
                "understanding": state.to_json(),
                "stage": "lead" if state.lead else self._get_stage(action, state),
                "given_back_turn_id": self.classification_id.id,
                "handover_turn_id": False,
                "silence_reason": self.silence_reason if self.silence_reason == "own_number" else False,
                "missed_user_ids": [fields.Command.clear()],
            }
        )
        self._post_internal_note(text)
        self._broadcast_state()
        self._publish_state()

    def _simulate_hand_over(self, reason, by_colleague):
        """Say in the thread that a colleague would be called, and go on as if one were."""
        self._simulate_activity(self._get_summary(reason))
        self._silence_for(reason, by_colleague)
        self.write(
            {
                "handover_reason": reason,
                "awaited_since": fields.Datetime.now(),
                "handover_turn_id": self.classification_id.id,
            }
        )

    def _simulate_activity(self, summary):
        """In a simulated conversation, say in the thread that a colleague would be called. Returns whether it is one."""
        if not self.is_simulated:
            return False
        messages = self._get_channel().sudo().message_ids
        if not any(summary in (message.preview or "") for message in messages):
            self._post_internal_note(self.env._("A colleague would be called now: %s", summary))
        return True
