from dataclasses import replace

from odoo import models

from ...understanding import State
from ...understanding.exact import BETWEEN_QUOTES
from ...understanding.text import Text
from .base import WITH_ASSISTANT

#: So many of the customer's last messages are looked through for what they say beside the one that changed.
_READ_BACK = 100


class WhatsappConversation(models.Model):
    """What customers correct or take back after it was read: what rests on that message alone is not known any more."""

    _inherit = "whatsapp.conversation"

    def _take_back(self, gone):
        """Forget what was read in a message that was handled, before its new words are read or without any.

        gone
            the message, as far as it is here, and all that corrects it.

        What other messages say as well stays, as does what people wrote. A turn under way comes to nothing.

        Returns the names of the slots that changed.
        """
        self.ensure_one()
        state, slots = self._get_state(), {}
        lines = self.line_ids.filtered(lambda line: line.direction == "inbound")[-_READ_BACK:]
        others = (lines - gone).filtered(lambda line: not line.deleted_at and not line._is_superseded())
        # Nor is anything known by what was taken back before.
        ids = set(map(str, (lines - others).ids))
        standing = [line._get_words() for line in others] + others._list_pointed_at()
        withdrawn = [text for line in gone for text in (line.earlier_body, line._get_words())]
        withdrawn += gone._list_pointed_at()
        said = self._name_products(standing)
        unsaid = self._name_products(withdrawn) - said
        for name, slot in state.slots.items():
            if slot.source == "person":
                kept = slot
            elif name == "products":
                kept = self._keep_products(slot, ids, unsaid, said)
                kept = kept and self._unquote(kept, withdrawn, standing)
            else:
                kept = self._find_earlier(name, ids) if slot.message in ids else slot
            if kept:
                slots[name] = kept
        closed = None if state.closed and state.closed.message in ids else state.closed
        changed = {name for name, slot in state.slots.items() if name not in slots or slots[name].value != slot.value}
        if slots != state.slots or closed != state.closed:
            state = replace(state, slots=slots, closed=closed)
            self.with_context(tracking_disable=True).understanding = state.to_json()
            self._drop_turn()
        return changed

    def _name_products(self, texts):
        """The products that texts name, surely or not."""
        vocabulary = self.assistant_id._get_vocabulary()
        return {mention.interest.name for text in texts if text for mention in vocabulary.find(Text(text))}

    def _keep_products(self, slot, ids, unsaid, said):
        """The products that are still wanted; None for none.

        ids
            messages that are no more, as slots name them.
        unsaid, said
            products that only these name, and that others name.
        """
        earlier = self._find_earlier("products", ids) if slot.message in ids else None
        without = set(unsaid)
        if slot.source in ("button", "order") and slot.message in ids:
            # Its words need not name what was pointed at.
            without |= set(slot.value) - set(earlier.value if earlier else ()) - said
        left = tuple(name for name in slot.value if name not in without)
        if left == slot.value:
            return slot
        if not left or (earlier and set(earlier.value) == set(left)):
            # Also what these took the place of: what an advertisement showed, or was wanted before.
            return earlier
        return replace(slot, value=left)

    def _unquote(self, slot, withdrawn, standing):
        """A slot without the words that only messages said which are no more.

        withdrawn, standing
            what these said, and what others say.
        """

        def stands_in(texts, part):
            return any(part in " ".join(text.split()) for text in texts if text)

        parts = slot.quote.split(BETWEEN_QUOTES)
        left = [part for part in parts if stands_in(standing, part) or not stands_in(withdrawn, part)]
        return replace(slot, quote=BETWEEN_QUOTES.join(left)) if left != parts else slot

    def _find_earlier(self, name, ids):
        """What the last turn knew of a slot by other messages than these; None for nothing."""
        turns = self.env["whatsapp.classification"].search([("conversation_id", "=", self.id)], limit=_READ_BACK)
        for turn in turns:
            slot = State.from_json({"slots": turn.slots or {}}).slots.get(name)
            if slot and slot.message not in ids and slot.source != "person":
                return slot
        return None

    def _follow_deletion(self, gone):
        """The customer has taken back what was read: what is known, the lead and colleagues follow.

        gone
            as `_take_back` takes it.
        """
        conversation = self._with_its_company()
        changed = conversation._take_back(gone)
        if not changed:
            return
        decision = conversation._judge()
        if conversation.stage in WITH_ASSISTANT:
            conversation.stage = conversation._get_stage(decision.action, conversation._get_state())
        if turn := conversation.classification_id:
            # Its reasons name what is known now, not what was.
            turn._add_known(conversation.understanding["slots"], decision.reasons)
        conversation._sync_lead(())
        names = conversation.classification_id._subject_names()
        text = conversation.env._(
            "The customer deleted a message; what it said is no longer used (%s).",
            ", ".join(names.get(name, name) for name in sorted(changed)),
        )
        conversation._log_internal_note(text)
        lead = conversation.lead_id
        if lead and conversation._is_open(lead):
            lead.message_post(body=text, subtype_xmlid="mail.mt_note")
        conversation._broadcast_state()
        conversation._publish_state()
