from hashlib import sha256

from odoo import api, fields, models
from odoo.tools import SQL

from ...gateway.address import CHANNEL, strip_channel
from .consent import FOR_ALL_CHANNELS


class WhatsappContact(models.Model):
    """Everything about one person goes; what the shop must remember is that it may not write to them."""

    _inherit = "whatsapp.contact"

    erased_at = fields.Datetime(readonly=True, copy=False)

    def _recall_erased_opt_out(self, keys):
        """Who wanted no messages and was then erased is known again by a user id, with a number or without.

        keys
            of the user ids that are new for this contact. Of the others it is known, and may have been taken back.
        """
        self.ensure_one()
        erased = self._find_erased_opt_outs(keys)
        if erased and not self._was_taken_off_blacklist(max(erased.mapped("opted_out_at"))):
            for trace in erased:
                self.sudo()._opt_out(trace.opt_out_reason, trace.opted_out_at)

    def _forget_erased_opt_out(self):
        """Who wants messages again does so by the ids as well that came with theirs before an erasure."""
        erased = self._find_erased_opt_outs(self.address_ids.mapped("key"))
        if erased:
            erased.search([("value", "in", erased.mapped("value"))]).unlink()

    @api.model
    def _find_erased_opt_outs(self, keys):
        silent = [("key", "in", list(map(_get_trace, keys))), ("opt_out_reason", "!=", False)]
        return self.env["whatsapp.contact.address"].sudo().search(silent)

    def _was_taken_off_blacklist(self, since):
        """Whether the person's number was on the blacklist, and has been taken off since a naive UTC datetime."""
        lifted = [("number", "in", self._get_all_numbers()), ("active", "=", False), ("write_date", ">", since)]
        return bool(self.phone and self.env["phone.blacklist"].sudo().search_count(lifted, limit=1))

    def unlink(self):
        """As *Erase* does, and then not even the rows stay: this is what Odoo's own privacy tool calls.

        The traces of who wants no messages do.
        """
        contacts = self._checked_sudo("unlink")
        contacts._erase()
        contacts.conversation_ids.line_ids.unlink()
        contacts.conversation_ids.unlink()
        contacts.address_ids.filtered("opt_out_reason").contact_id = False
        return super().unlink()

    def _erase(self, with_leads=False):
        """Take out everything that tells who these people are and what they said.

        with_leads
            also from the leads of their conversations; stage, quality, products and amounts stay there.
        """
        for contact in self.filtered(lambda contact: not contact.erased_at):
            conversations = contact.conversation_ids
            leads = conversations.lead_id
            conversations._erase_words()
            conversations._erase_analysis()
            # Nobody has read what has no conversation yet.
            unread = contact._find_unrouted()
            unread._erase_at_twilio()
            unread.unlink()
            self.env["discuss.channel"].search([("whatsapp_contact_id", "=", contact.id)]).unlink()
            contact.guest_id.unlink()
            erased_address = f"erased:{contact.id}"
            conversations.line_ids.write({"address": erased_address})
            conversations.address = False
            contact._erase_addresses()
            contact.write(
                {
                    "address": erased_address,
                    "erased_at": fields.Datetime.now(),
                    "informed_at": False,
                    **dict.fromkeys(("phone", "told_phone", "profile_name", "username", "partner_id"), False),
                }
            )
            if with_leads:
                leads._erase_person()
            text = contact._in_shops_language().env._("The customer's personal data were erased.")
            for record in [*conversations, *(leads if with_leads else ())]:
                record._message_log(body=text)

    def _erase_addresses(self):
        """Of who wants no messages, user ids leave a trace, to be known by; see `_recall_erased_opt_out`.

        They are long and random. A number could be found by trying all there are: the blacklist knows it.
        """
        ids = self.address_ids.filtered(lambda address: address.kind in ("scoped", "parent"))
        traces = {address: _get_trace(address.key) for address in ids}
        earlier = [("company_id", "=", self.company_id.id), ("key", "in", list(traces.values()))]
        ids.search(earlier).unlink()
        # A block is no wish, and ends with the next message; the blacklist goes by the number.
        kept = ids if self.opt_out_reason in FOR_ALL_CHANNELS else ids.browse()
        (self.address_ids - kept).unlink()
        for address in kept:
            trace = traces[address]
            address.write(
                {
                    "key": trace,
                    # Those of one person are found by each other.
                    "value": f"erased:{self.id}",
                    "opt_out_reason": self.opt_out_reason,
                    "opted_out_at": self.opted_out_at,
                    "first_seen_at": False,
                    "last_seen_at": False,
                }
            )

    def _find_unrouted(self):
        """Messages of this person that no worker has looked at yet, by whichever of the addresses."""
        self.ensure_one()
        values = {self.address, *self.address_ids.mapped("value")}
        numbers = {f"{CHANNEL}{form}" for form in self._get_all_numbers()}
        self.env.cr.execute(
            SQL(
                """SELECT line.id
                     FROM whatsapp_conversation_message line
                     JOIN whatsapp_sender sender ON sender.id = line.sender_id
                    WHERE line.direction = 'inbound' AND line.conversation_id IS NULL AND sender.company_id = %s
                      AND (line.address IN %s OR line.parameters ->> 'ExternalUserId' IN %s
                           OR line.parameters ->> 'ParentExternalUserId' IN %s)""",
                self.company_id.id,
                tuple(values | numbers),
                *[tuple(map(strip_channel, values))] * 2,
            )
        )
        return self.env["whatsapp.conversation.message"].browse([row[0] for row in self.env.cr.fetchall()])


def _get_trace(key):
    return f"erased:{sha256(key.encode()).hexdigest()}"
