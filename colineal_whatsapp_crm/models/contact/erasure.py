from hashlib import sha256

from odoo import fields, models


class WhatsappContact(models.Model):
    """Everything about one person goes; what the shop must remember is that it may not write to them."""

    _inherit = "whatsapp.contact"

    erased_at = fields.Datetime(readonly=True, copy=False)

    def _recall_erased_opt_outs(self):
        """Who wanted no messages and was then erased is known again, where there is no number for the blacklist."""
        for contact in self.filtered(lambda contact: not contact.phone):
            silent = [("address", "=", contact._get_erased_address()), ("opted_out", "=", True)]
            if self.sudo().search_count(silent, limit=1):
                contact.sudo()._opt_out("customer")

    def unlink(self):
        """As *Erase* does, and then not even the rows stay: this is what Odoo's own privacy tool calls."""
        contacts = self._checked_sudo("unlink")
        contacts._erase()
        contacts.conversation_ids.line_ids.unlink()
        contacts.conversation_ids.unlink()
        return super().unlink()

    def _erase(self, with_leads=False):
        """Take out everything that tells who these people are and what they said.

        with_leads
            also from the leads of their conversations; stage, quality, products and amounts stay there.
        """
        for contact in self.filtered(lambda contact: not contact.erased_at):
            conversations, address = contact.conversation_ids, contact.address
            leads = conversations.lead_id
            conversations._erase_words()
            conversations._erase_analysis()
            rows = self.env["whatsapp.conversation.message"].search(
                [("address", "=", address), ("sender_id.company_id", "=", contact.company_id.id)]
            )
            # Nobody has read what has no conversation yet.
            unread = rows.filtered(lambda line: not line.conversation_id)
            unread._erase_at_twilio()
            unread.unlink()
            self.env["discuss.channel"].search([("whatsapp_contact_id", "=", contact.id)]).unlink()
            contact.guest_id.unlink()
            erased_address = contact._get_erased_address()
            (rows - unread).write({"address": erased_address})
            contact.write(
                {
                    "address": erased_address,
                    "erased_at": fields.Datetime.now(),
                    "informed_at": False,
                    **dict.fromkeys(("phone", "profile_name", "partner_id"), False),
                }
            )
            if with_leads:
                leads._erase_person()
            text = contact._in_shops_language().env._("The customer's personal data were erased.")
            for record in [*conversations, *(leads if with_leads else ())]:
                record._message_log(body=text)

    def _get_erased_address(self):
        """What stands for the address afterwards.

        A number could be found by trying all there are, so only a scoped user id, long and random, leaves its trace.
        """
        self.ensure_one()
        if self.phone:
            return f"erased:{self.id}"
        return f"erased:{sha256(self.address.encode()).hexdigest()}"
