import logging
from dataclasses import replace

from odoo import api, fields, models

from ...gateway.failure_text import mark as _lt
from ...lib.clock import utcnow
from ...lib.guard import guard
from ..handover import LEAD_REASONS, QUIET_REASONS
from .base import WITH_PEOPLE

_logger = logging.getLogger(__name__)

#: Where the assistant must be silent. With a photo it goes on asking for words, and late messages are no reason to.
_STAGE_OF_REASON = {
    "support": "support",
    **dict.fromkeys(("human", "unsure", "loop", "parked", "sms"), "person"),
}

#: Of what the customer is told, in the turn that is the reason.
TOLD = ("support", "human", "unsure", "loop")

#: So many automatic answers in a row, and somebody is to look at it.
_MACHINE_TURNS = 2


class WhatsappConversation(models.Model):
    """How a conversation goes from the assistant to a person, and back."""

    _inherit = "whatsapp.conversation"

    handover_id = fields.Many2one(
        "whatsapp.handover",
        string="Hand-over",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        help="While a person is waited for.",
    )
    handover_ids = fields.One2many("whatsapp.handover", "conversation_id", string="Hand-overs")
    handover_reason = fields.Selection(related="handover_id.reason", string="Handed Over For")
    awaited_since = fields.Datetime(
        related="handover_id.called_at", string="Waiting for a Person Since", help="Handed over and not answered yet."
    )
    person_at = fields.Datetime(
        readonly=True, copy=False, help="When a person last wrote or took over, or was to answer at the latest."
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

    _person_at_index = models.Index(f"(person_at) WHERE stage IN {WITH_PEOPLE}")

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
            if conversation.handover_id and conversation.user_id != self.env.user:
                conversation._assign_to(self.env.user)

    def action_hand_back(self):
        """The assistant goes on with the conversation, from the customer's next message."""
        conversations = self._checked_sudo("write")
        for conversation in conversations.filtered(lambda conversation: conversation.stage in WITH_PEOPLE):
            conversation = conversation._with_its_company()
            conversation._hand_back(conversation.env._("The assistant goes on from the customer's next message."))

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
        if self.handover_id.reason == "support" and not self._announces_handover():
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
        elif any(message._is_order() for message in messages):
            self._hand_over("order")
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
        reason = "lead" if situations & {"create_lead", "create_lead_closed"} else "promised"
        # Who has been called already sees what is said.
        if not self._announces_handover() and (reason == "lead" or not self._is_awaited()):
            guard(self, "hand_over", self._hand_over, reason)

    def _is_unsure(self):
        """Whether this turn and the one before it were read with too little confidence, each by itself."""
        if not self._is_turn_unsure(self.classification_id):
            return False
        before = self._get_turn_before()
        return before.id > self.given_back_turn_id.id and self._is_turn_unsure(before)

    def _is_turn_unsure(self, turn):
        return turn.turn_confidence < self.assistant_id._get_bounded("unsure_percent") / 100

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
            self._simulate_handover(reason, by_colleague)
            return
        if self.opted_out and not by_colleague:
            # Nobody may answer.
            self._silence_for(reason)
            return
        conversation = self._with_its_company()
        if reason == "support":
            guard(conversation, "ticket", conversation._open_ticket)
        able = conversation._filter_assignable(conversation.user_id)
        handover = conversation.handover_id
        if not by_colleague and conversation.stage == "person" and able and not handover:
            return
        called = conversation._filter_assignable(conversation._get_called_user())
        if called and conversation._is_awaited() and not by_colleague:
            support_team = conversation.assistant_id.support_team_id
            to_support = support_team and reason == "support" != handover.reason
            # Who has it on their list is rung as soon as there is haste.
            presses = handover.reason in QUIET_REASONS and reason not in QUIET_REASONS
            if not (to_support or presses):
                conversation._silence_for(reason)
                conversation._add_reason(reason)
                guard(conversation, "ticket", conversation._assign_ticket, called)
                return
        user = conversation._pick_assignee(reason, exclude=self.env.user if by_colleague else self.env["res.users"])
        if not user:
            _logger.warning("%s waits for a person, and nobody in %s may be asked", self, self.company_id.name)
            return
        is_new_to_customer = by_colleague and conversation.stage not in WITH_PEOPLE
        conversation._silence_for(reason, by_colleague)
        conversation._open_handover(reason, by_colleague)
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
        plain = self.with_context(tracking_disable=True)
        if not self.handover_id:
            values = {"conversation_id": self.id, "reason": "waiting", "called_at": now}
            plain.handover_id = self.env["whatsapp.handover"].create(values)
        plain.waiting_since = self.waiting_since or now

    def _open_handover(self, reason, by_colleague=False):
        """Begin a hand-over, in the place of one that is open; its activity goes along."""
        self.ensure_one()
        self._cancel_followup("person")
        before = self.handover_id
        before._end("replaced")
        # The two are unique while they are open.
        before.flush_recordset()
        self.handover_id = self.env["whatsapp.handover"].create(
            {
                "conversation_id": self.id,
                "reason": reason,
                "called_at": fields.Datetime.now(),
                "called_by": self.env.uid if by_colleague else False,
                "turn_id": self.classification_id.id if reason in TOLD else False,
                "team_id": self._get_handover_team(reason)[0].id,
                "activity_id": before.activity_id.id,
            }
        )
        guard(self, "webhook", self.env["whatsapp.webhook"]._tell, "handover.called", self.handover_id)

    def _silence_for(self, reason, by_colleague=False):
        stage = _STAGE_OF_REASON.get(reason)
        if reason == "human" and not by_colleague and self._get_opening():
            # Nobody is there who could answer: the assistant goes on helping until somebody is.
            return
        if stage and (by_colleague or self.stage != "person"):
            self.write({"stage": stage, "quality": self._get_quality(self.quality, stage)})

    def _promise_support(self):
        """Tell the customer what a colleague decided, as long as WhatsApp lets us."""
        if not self.window_until or self.window_until < utcnow():
            return
        values = self._get_placeholder_values()
        self._queue_scripted(["transfer_to_support", *self._get_off_hours(values)], values)

    def _is_awaited(self):
        """Whether the person who was called has neither answered nor ticked the activity off; simulated ones never do."""
        return bool(self.handover_id if self.is_simulated else self.handover_id.activity_id.active)

    def _get_called_user(self):
        """Who is waited for."""
        return self.handover_id.activity_id.user_id or self.handover_id.user_id or self.user_id

    def _announces_handover(self):
        """Whether the last turn called a person who has not written since: the customer is told, once."""
        turn = self.handover_id.turn_id
        return bool(turn) and turn == self.classification_id

    def _end_lead_handover(self):
        """The lead is won, lost or deleted: nobody is waited for because of it any more."""
        for conversation in self:
            lead, handover = conversation.lead_id, conversation.handover_id
            if handover.reason in LEAD_REASONS and not conversation._is_open(lead):
                conversation = conversation._with_its_company()
                text = conversation.env._("The lead is won or lost.") if lead else ""
                conversation._end_handover("done", text)
                conversation._broadcast_state()

    def _take_over(self, user):
        """The conversation is with a person now: the assistant listens, and is silent."""
        self.ensure_one()
        self.write(
            {"stage": "person", "person_at": fields.Datetime.now(), **({} if self.user_id else {"user_id": user.id})}
        )
        self._cancel_followup("person")
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
                draft._move_to("dropped", error=_lt("A person took over before it was worded."))
            else:
                draft._queue_now()

    def _end_handover(self, outcome, feedback, user=None):
        """Nobody is waited for any more: the activity is done.

        outcome
            one of the outcomes of `whatsapp.handover`.
        feedback
            what the activity is closed with, in words.
        user
            who wrote to the customer, for an answer.
        """
        self.ensure_one()
        handover = self.handover_id
        if not handover:
            return
        if activity := handover.activity_id.filtered("active"):
            activity.with_user(user or self.env.user).sudo().action_feedback(feedback=feedback)
        handover._end(outcome, user)
        self.handover_id = False
        if not self._count_unanswered()[self.id]:
            self.waiting_since = False

    def _close_case(self):
        """What comes next about support is a new case."""
        # What was complained of stays known: who asks after it does not want to buy it.
        state = replace(self._get_state(), support=False)
        self.write({"understanding": state.to_json(), "given_back_turn_id": self.classification_id.id})

    def _hand_back(self, text):
        """Give the conversation back to the assistant; what comes next about support is a new case."""
        self.ensure_one()
        self._end_support_case()
        self._end_handover("returned", text)
        self._close_case()
        self.write(
            {
                "stage": self._get_stage_without_person(),
                "silence_reason": self.silence_reason if self.silence_reason == "own_number" else False,
            }
        )
        if self.classification_id:
            self._judge()
        self._post_internal_note(text)
        self._broadcast_state()
        self._publish_state()

    def _simulate_handover(self, reason, by_colleague):
        """Say in the thread, once for each reason, that a colleague would be called, and go on as if one were."""
        summary = self._get_summary(reason)
        if not any(summary in (message.preview or "") for message in self._get_channel().sudo().message_ids):
            self._post_internal_note(self.env._("A colleague would be called now: %s", summary))
        self._silence_for(reason, by_colleague)
        self._open_handover(reason, by_colleague)
