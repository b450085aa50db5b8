from datetime import UTC, timedelta

from markupsafe import Markup
from odoo import models
from odoo.addons.mail.tools.discuss import Store
from odoo.tools import plaintext2html
from pytz import timezone

from ...lib.languages import with_language_of
from ..handover import LEAD_REASONS, QUIET_REASONS
from .handover import TOLD

#: Tells the screens of who is called, with a way to the conversation.
_RING = "whatsapp.conversation/ring"


class WhatsappConversation(models.Model):
    """How a colleague learns that a customer waits for them: an activity and, unless it is quiet, a ring in Discuss."""

    _inherit = "whatsapp.conversation"

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

    def _add_reason(self, reason):
        """A second reason for who is waited for: one activity, that says both."""
        handover = self.handover_id
        if reason in TOLD and not handover.turn_id:
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

    def _ring(self, user):
        """Let Discuss tell a new member of what the customer wrote, as if it came now: unread, chat window, push."""
        channel = self._get_channel().sudo()
        messages = self._get_waiting_lines().mail_message_id.sudo().sorted("id")
        separator = {"new_message_separator": messages[:1].id} if messages else {}
        # As if they joined by themselves: they are told below what it is about, not that they were invited.
        joining = channel.with_user(user).sudo()
        joining._add_members(users=user, post_joined_message=False, create_member_params=separator)
        summary = with_language_of(self, user)._get_summary(self.handover_id.reason, below_name=True)
        user._bus_send(_RING, {"conversation_id": self.id, "title": channel.name, "message": summary})
        if message := messages[-1:]:
            data = Store(bus_channel=user).add(message).get_result()
            user._bus_send("discuss.channel/new_message", {"data": data, "id": channel.id})
            recipients = [data for data in channel._notify_get_recipients(message) if data["id"] == user.partner_id.id]
            channel._notify_thread_by_web_push(message, recipients)

    def _get_waiting_lines(self):
        """The customer's messages that a person was called for."""
        lines = self.handover_id.turn_id.message_ids.filtered(lambda line: line.direction == "inbound")
        return lines.sorted("id") or self.env["whatsapp.conversation.message"].search(
            [("conversation_id", "=", self.id), ("direction", "=", "inbound")], order="id desc", limit=1
        )

    def _get_summary(self, reason, below_name=False):
        """Why a person is called, in a line.

        below_name
            the customer's name stands beside it already.
        """
        return {
            "support": self.env._("A customer needs support on WhatsApp"),
            "human": self.env._("A customer on WhatsApp wants to talk to a person"),
            "unsure": self.env._("The assistant does not understand a customer on WhatsApp"),
            "unheard": self.env._("A photo, voice note or file on WhatsApp waits for a person"),
            "order": self.env._("An order from the catalogue on WhatsApp waits for a person"),
            "hot": self.env._("Hot lead: %s", self._get_brief(below_name)),
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

    def _get_brief(self, below_name=False):
        """What a hot lead is in one line: name, product, budget, when it is needed, where."""
        who = self.customer_name or self.contact_id.profile_name or self.phone or self.contact_id._get_handle()
        urgency = dict(self._fields["urgency"]._description_selection(self.env)).get(self.urgency)
        known = (
            self.product_interest,
            self.budget_range,
            urgency and self.env._("urgency: %s", urgency.lower()),
            self.city,
        )
        brief = list(filter(None, known))
        return " · ".join(brief if below_name and brief else [who, *brief])
