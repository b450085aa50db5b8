import logging

from odoo import fields, models

from ...lib.guard import guard

_logger = logging.getLogger(__name__)


class WhatsappContact(models.Model):
    """Two contacts that turn out to be one person: who came by an id alone tells the number at last, or the other way
    round."""

    _inherit = "whatsapp.contact"

    def _merge(self):
        """Make one contact of these, of one company: the oldest stays. Returns it.

        Nothing that was received, sent, promised or wanted is lost; what is open with one sender goes on in one
        conversation. Who asked for no messages by one of the addresses gets none by any, unless they asked for them by
        another later: the person's last word counts.
        """
        contact = self.sorted("id")[:1]
        others = self - contact
        guests = contact._absorb(others)
        others.unlink()
        guests.unlink()
        return contact

    def _absorb(self, others):
        """Take in all that others have, who stay behind as empty rows. Returns their guests, whom nothing names any more.

        To delete either empties Odoo's whole cache: who makes one of many leaves that for the end.
        """
        guests = others.guest_id.sudo()
        for other in others.sorted("id"):
            self._absorb_one(other)
        return guests

    def _absorb_one(self, other):
        # Before they are one, or what takes messages back would be done to what is sent since.
        self._follow_last_word(other)
        other._follow_last_word(self)
        opted_out, since, said_in = other.opt_out_reason, other.opted_out_at, other.opt_out_line_id
        leads = [each._get_open_leads() for each in (self, other)]
        other.address_ids.contact_id = self
        self._absorb_conversations(other.conversation_ids)
        self._absorb_threads(other)
        partner = not self.partner_id and other._get_partner()
        self.write(
            {
                "phone": self.phone or other.phone,
                "told_phone": self.told_phone or other.told_phone,
                "profile_name": self.profile_name or other.profile_name,
                "username": self.username or other.username,
                **({"partner_id": partner.id} if partner else {}),
                "informed_at": self.informed_at or other.informed_at,
                "early_correction_at": max(
                    filter(None, (self.early_correction_at, other.early_correction_at)), default=False
                ),
            }
        )
        # Nothing is left of it that would have to be erased, or found.
        self.flush_model()
        gone = dict.fromkeys(("phone", "told_phone", "partner_id", "guest_id", "opted_out_at", "opt_out_reason"), False)
        other.write({**gone, "erased_at": fields.Datetime.now()})
        if opted_out:
            self._opt_out(opted_out, since)
            if (self.opt_out_reason, self.opted_out_at) == (opted_out, since):
                self.opt_out_line_id = said_in
        self._on_number()
        for conversation in self.conversation_ids.filtered(lambda each: each.stage != "closed"):
            conversation = conversation._with_its_company()
            conversation._log_internal_note(
                conversation.env._("This customer was known as two, who turned out to be one: all of it is here now.")
            )
            conversation._broadcast_state()
        if all(leads) and leads[0] != leads[1]:
            conversation = self.conversation_ids.sorted(lambda each: (each.stage != "closed", each.id))[-1:]
            guard(conversation, "lead", self._propose_lead_merge, conversation._with_its_company(), leads[0] | leads[1])
        _logger.info("%s and %s are one person", self, other)

    def _get_open_leads(self):
        conversations = self.conversation_ids
        return conversations.lead_id.filtered(lambda lead: lead.active and conversations._is_open(lead))

    def _propose_lead_merge(self, conversation, leads):
        """Each open lead names the others, and whose the conversation's is gets to ask whether they are one sale."""
        lead = (conversation.lead_id & leads) or leads.sorted("id")[-1]
        conversation._propose_lead_merge(lead, leads - lead, _get_merge_reason)
        for other in leads - lead:
            conversation._post_other_leads_note(other, leads - other, _get_merge_reason)

    def _absorb_conversations(self, conversations):
        mine = self.conversation_ids
        for conversation in conversations.filtered(lambda each: each.stage != "closed"):
            open_one = mine.filtered(
                lambda each, theirs=conversation: each.sender_id == theirs.sender_id and each.stage != "closed"
            )
            if open_one:
                stays, ends = (open_one | conversation)._choose_open()
                stays._continue_other(ends)
        # One open conversation with each sender, before they are the same customer's.
        (mine | conversations).flush_recordset()
        conversations.contact_id = self

    def _absorb_threads(self, other):
        """One thread with each sender has all that was said."""
        conversations = self.env["whatsapp.conversation"]
        guest = other.guest_id.sudo()
        if guest:
            author = self._get_partner()
            mine = author or self._get_guest()
            # What they wrote, and what they reacted with.
            for model, by_partner, by_guest in (
                ("mail.message", "author_id", "author_guest_id"),
                ("mail.message.reaction", "partner_id", "guest_id"),
            ):
                theirs = self.env[model].sudo().search([(by_guest, "=", guest.id)])
                theirs.write({by_partner: mine.id, by_guest: False} if author else {by_guest: mine.id})
        for sender in self.conversation_ids.sender_id:
            thread, theirs = (conversations._find_channel(each, sender).sudo() for each in (self, other))
            if thread and theirs:
                thread._absorb_whatsapp(theirs)
            elif theirs:
                theirs.whatsapp_contact_id = self
                thread = theirs
            if thread:
                own = self.conversation_ids.filtered(
                    lambda each, sender=sender: each.sender_id == sender and not each.words_erased_at
                )
                own.channel_id = thread
                thread.whatsapp_conversation_id = (
                    own.filtered(lambda each: each.stage != "closed") or own.sorted("id")
                )[-1:]
                # What was written before anybody looked.
                own._get_unshown_lines()._post_in(thread)


def _get_merge_reason(env):
    return env._("This customer was known as two, who turned out to be one.")
