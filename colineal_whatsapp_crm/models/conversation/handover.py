import logging
from dataclasses import replace
from datetime import UTC, timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import UserError
from odoo.tools import plaintext2html
from pytz import timezone

from ...gateway.failure_text import mark as _lt
from ...lib.clock import utcnow
from ...lib.guard import CAREFUL, guard
from ...lib.languages import with_language_of
from ..handover import LEAD_REASONS, QUIET_REASONS
from .base import WITH_PEOPLE

_logger = logging.getLogger(__name__)

#: Tells the screens of who is called, with a way to the conversation.
_RING = "whatsapp.conversation/ring"

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
        related="handover_id.asked_at", string="Waiting for a Person Since", help="Handed over and not answered yet."
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
        if self.handover_id.reason == "support" and not self._announces_hand_over():
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
            values = {"conversation_id": self.id, "reason": "waiting", "asked_at": now}
            plain.handover_id = self.env["whatsapp.handover"].create(values)
        plain.waiting_since = self.waiting_since or now

    def _open_handover(self, reason, by_colleague=False):
        """Begin a hand-over, in the place of one that is open; its activity goes along."""
        self.ensure_one()
        before = self.handover_id
        before._end("replaced")
        # The two are unique while they are open.
        before.flush_recordset()
        self.handover_id = self.env["whatsapp.handover"].create(
            {
                "conversation_id": self.id,
                "reason": reason,
                "asked_at": fields.Datetime.now(),
                "asked_by": self.env.uid if by_colleague else False,
                "turn_id": self.classification_id.id if reason in _TOLD else False,
                "team_id": self._get_hand_over_team(reason)[0].id,
                "activity_id": before.activity_id.id,
            }
        )

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
        wordings = self._choose_wordings(["transfer_to_support", *self._get_off_hours(values)], values)
        if wordings:
            lines = self._queue(wordings._render(values))
            lines.wording_ids = wordings
            self.env["whatsapp.worker"]._wake()

    def _is_awaited(self):
        """Whether the person who was called has neither answered nor ticked the activity off."""
        return bool(self.handover_id.activity_id.active)

    def _get_called_user(self):
        """Who is waited for."""
        return self.handover_id.activity_id.user_id or self.handover_id.user_id or self.user_id

    def _announces_hand_over(self):
        """Whether the last turn called a person who has not written since: the customer is told, once."""
        turn = self.handover_id.turn_id
        return bool(turn) and turn == self.classification_id

    def _get_summary(self, reason):
        return {
            "support": self.env._("A customer needs support on WhatsApp"),
            "human": self.env._("A customer on WhatsApp wants to talk to a person"),
            "unsure": self.env._("The assistant does not understand a customer on WhatsApp"),
            "unheard": self.env._("A photo, voice note or file on WhatsApp waits for a person"),
            "order": self.env._("An order from the catalogue on WhatsApp waits for a person"),
            "hot": self.env._("Hot lead: %s", self._get_brief()),
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

    def _get_brief(self):
        """Who a hot lead is in one line: name, product, budget, when it is needed, where."""
        urgency = dict(self._fields["urgency"]._description_selection(self.env)).get(self.urgency)
        known = (
            self.customer_name or self.contact_id.profile_name or self.phone or self.contact_id._get_handle(),
            self.product_interest,
            self.budget_range,
            urgency and self.env._("urgency: %s", urgency.lower()),
            self.city,
        )
        return " · ".join(filter(None, known))

    def _add_reason(self, reason):
        """A second reason for who is waited for: one activity, that says both."""
        handover = self.handover_id
        if reason in _TOLD and not handover.turn_id:
            # A hot lead that wants a person is one all the same: reports count it, and it is over with its lead.
            stays = handover.reason == "hot" and reason == "human"
            handover.write({"turn_id": self.classification_id.id, **({} if stays else {"reason": reason})})
        activity = handover.activity_id
        summary = with_language_of(self, activity.user_id)._get_summary(reason)
        if reason == "lead" and handover.reason in QUIET_REASONS:
            handover.reason, activity.summary = reason, summary
        if summary not in (activity.note or "") and summary != activity.summary:
            activity.note = Markup("%s<p>%s</p>") % (activity.note or "", summary)
            if reason in ("waiting", "human"):
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
                "handed_at": now,
                "answer_by": expected if minutes else False,
                "ring_at": opening,
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

    def _assign_lead_to(self, user):
        """Who has the conversation sells to the customer, unless somebody does already or it is with a support team.

        A lead that got its salesperson by a hand-over is passed on with it.
        """
        lead, handover = self.lead_id.sudo(), self.handover_id
        owner = self._filter_assignable(lead.user_id)
        if not lead or not self._is_open(lead) or self._get_hand_over_team(handover.reason)[1]:
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

    def _end_lead_handover(self):
        """The lead is won, lost or deleted: nobody is waited for because of it any more."""
        for conversation in self:
            lead, handover = conversation.lead_id, conversation.handover_id
            if handover.reason in LEAD_REASONS and not conversation._is_open(lead):
                conversation = conversation._with_its_company()
                text = conversation.env._("The lead is won or lost.") if lead else ""
                conversation._end_handover("done", text)
                conversation._broadcast_state()

    def _plan_answer(self, user, expected):
        """One activity that goes from hand to hand: on the lead where it is about the sale and they may see that.

        CRM's pipeline, its filters and its colours then show what is to be done next, and nobody has it on their list
        twice.
        """
        local = expected.replace(tzinfo=UTC).astimezone(
            timezone(user.tz or self.company_id._get_whatsapp_timezone(self.assistant_id.resource_calendar_id))
        )
        deadline = local.date() + timedelta(days=self.assistant_id._get_bounded("answer_days"))
        handover = self.handover_id
        summary = with_language_of(self, user)._get_summary(handover.reason)
        record = self._get_activity_record(user)
        if handover.activity_id.active:
            place = {"res_model_id": self.env["ir.model"]._get_id(record._name), "res_id": record.id}
            handover.activity_id.write(
                {"user_id": user.id, "date_deadline": deadline, "summary": summary, **place},
            )
            return
        # The lead has the customer's words in its description; what is erased here is not to stay in its activities.
        words = record == self and with_language_of(self._get_waiting_lines()[-1:], user)._get_shown_words()
        # No e-mail for what is quiet.
        quiet = record.with_context(mail_activity_quick_update=handover.reason in QUIET_REASONS)
        handover.activity_id = quiet.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=deadline,
            summary=summary,
            note=words and plaintext2html(words),
            user_id=user.id,
        )

    def _get_activity_record(self, user):
        """What the activity of who is waited for stands on: the lead or the conversation."""
        lead = self.lead_id
        about_sale = self.handover_id.reason in LEAD_REASONS and lead and self._is_open(lead)
        return lead if about_sale and lead.with_user(user).has_access("read") else self

    def _get_waiting_lines(self):
        """The customer's messages that a person was called for."""
        lines = self.handover_id.turn_id.message_ids.filtered(lambda line: line.direction == "inbound")
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
        summary = with_language_of(self, user)._get_summary(self.handover_id.reason)
        user._bus_send(_RING, {"conversation_id": self.id, "title": channel.name, "message": summary})
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

    def _simulate_hand_over(self, reason, by_colleague):
        """Say in the thread, once for each reason, that a colleague would be called, and go on as if one were."""
        summary = self._get_summary(reason)
        if not any(summary in (message.preview or "") for message in self._get_channel().sudo().message_ids):
            self._post_internal_note(self.env._("A colleague would be called now: %s", summary))
        self._silence_for(reason, by_colleague)
        self._open_handover(reason, by_colleague)
        self.handover_id.turn_id = self.classification_id
