from dataclasses import replace
from datetime import datetime

from markupsafe import Markup
from odoo import fields, models

from ...gateway.message_states import UNSETTLED
from ...lib.guard import guard
from ...lib.languages import with_language_of
from ...understanding.exact import ADVERTISEMENT
from .base import WITH_PEOPLE

#: What is given to the customer's own time line: of the earliest, or the latest.
_EARLIEST, _LATEST = ("waiting_since",), ("last_message_at", "last_inbound_at")


class WhatsappConversation(models.Model):
    """Two open conversations with one sender whose customers turn out to be one: see `whatsapp.contact._merge`."""

    _inherit = "whatsapp.conversation"

    def _choose_open(self):
        """(The one of two that goes on, the one that ends): a person's before the assistant's, then one with a lead."""
        stays = self.sorted(
            lambda each: (
                each.stage in WITH_PEOPLE,
                bool(each.lead_id),
                each.last_message_at or datetime.min,
                -each.id,
            )
        )[-1:]
        return stays, self - stays

    def _continue_other(self, other):
        """What is open in another conversation goes on in this one. What was said there, and its lead, stay there.

        A turn of the other that is under way comes to nothing: what it reads is read again here.
        """
        lines = other.line_ids.filtered(lambda line: line.state in ("received", *UNSETTLED))
        # What did not arrive is a person's to see.
        (lines | other.failed_message_id).write({"conversation_id": self.id})
        state, theirs = self._get_state(), other._get_state()
        known = replace(
            state,
            slots={**theirs.slots, **state.slots, **self._join_products(other)},
            language=state.language or theirs.language,
            lead=state.lead or theirs.lead,
        )
        values = {
            "understanding": known.to_json(),
            "product_words": {**(other.product_words or {}), **(self.product_words or {})} or False,
            "user_id": (self.user_id or other.user_id).id,
            "lead_id": (self.lead_id or other.lead_id).id,
            "failed_message_id": (self.failed_message_id or other.failed_message_id).id,
        }
        if other.advertisement_id and not self.advertisement_id:
            values.update(advertisement_id=other.advertisement_id.id, advertisement_click=other.advertisement_click)
            # One click brought one customer, and counts once.
            other.write({"advertisement_id": False, "advertisement_click": False})
        if other.ticket_ref and not self.ticket_ref:
            values["ticket_ref"] = other.ticket_ref
            other.ticket_ref = False
        for names, choose in ((_EARLIEST, min), (_LATEST, max)):
            for name in names:
                values[name] = choose(filter(None, (self[name], other[name])), default=False)
        if lines.filtered(lambda line: line.state == "received"):
            values["due_at"] = fields.Datetime.now()
        self.with_context(tracking_disable=True).write(values)
        if self.stage not in WITH_PEOPLE:
            self.stage = self._get_stage_without_person()
        self._continue_handover(other)
        other.failed_message_id = False
        other._close()
        other._with_its_company()._post_continuation_note(self)
        (self | other)._recount()
        if self.classification_id:
            self._judge()
        self._publish_state()

    def _post_continuation_note(self, conversation):
        """Who comes upon this conversation finds the one that goes on."""
        link = conversation._get_html_link(title=self.env._("Conversation %s", conversation.id))
        body = self.env._(
            "This customer was known as two, who turned out to be one. What was open here goes on in %s.", link
        )
        guard(self, "thread", lambda: self._message_log(body=body))

    def _propose_lead_merge(self, lead, others, reason):
        """Ask whose a lead is whether others, of who is or may be the same customer, are the same sale.

        They may be two, and CRM's merge cannot be taken back: nobody but a person presses *Merge*.

        reason
            why they may be one, as a function of the environment that gives the words for a reader.
        """
        self.ensure_one()
        self._post_other_leads_note(lead, others, reason)
        user = self._filter_assignable(lead.user_id or self._get_salesperson())[:1]
        readers = with_language_of(self, user)
        summary = readers.env._("Merge the leads of one customer?")
        if user and summary not in lead.activity_ids.mapped("summary"):
            # No e-mail: it is not urgent, and an upgrade may find many.
            lead.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                note=readers._describe_lead_merge(others, reason),
                user_id=user.id,
            )

    def _post_other_leads_note(self, lead, others, reason):
        """A note on a lead names others, by number alone: who may see one may not see them all."""
        lead.message_post(body=self._describe_lead_merge(others, reason), subtype_xmlid="mail.mt_note")

    def _describe_lead_merge(self, leads, reason):
        links = [lead._get_html_link(title=self.env._("Lead %s", lead.id)) for lead in leads]
        what = self.env._(
            "Open as well: %s. If it is one sale, choose both in the list of leads and take Merge in the menu Actions.",
            Markup(", ").join(links),
        )
        return Markup("%s %s") % (reason(self.env), what)

    def _join_products(self, other):
        """What is wanted here and in another conversation, as slots. What has a lead of its own there stays with that.

        A person's list stays as it is, and an advertisement gives way to what the customer said.
        """
        mine, theirs = (each._get_state().slots.get("products") for each in (self, other))
        if not mine or not theirs or other.lead_id or "person" in (mine.source, theirs.source):
            return {}
        if ADVERTISEMENT in (mine.source, theirs.source):
            return {"products": theirs if mine.source == ADVERTISEMENT else mine}
        return {"products": replace(mine, value=tuple(dict.fromkeys((*mine.value, *theirs.value))))}

    def _continue_handover(self, other):
        """Who is waited for there is waited for here, unless somebody is already."""
        handover = other.handover_id
        if not handover or self.handover_id:
            return
        if (activity := handover.activity_id) and activity.res_model == self._name:
            activity.write({"res_id": self.id})
        other.handover_id = False
        handover.conversation_id = self
        self.handover_id = handover
        if other.stage in WITH_PEOPLE and self.stage not in WITH_PEOPLE:
            self.stage = other.stage
