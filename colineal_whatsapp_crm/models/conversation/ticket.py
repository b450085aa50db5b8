from markupsafe import Markup
from odoo import fields, models
from odoo.exceptions import UserError

#: The model of tickets, of Odoo Enterprise's Helpdesk and of the Odoo Community Association's `helpdesk_mgmt`. Neither
#: is needed: without one, support has an activity and a stage.
TICKET = "helpdesk.ticket"


class WhatsappConversation(models.Model):
    """A support case as a ticket, where the database has tickets."""

    _inherit = "whatsapp.conversation"

    # No Many2one: the model is there or is not.
    ticket_ref = fields.Integer(string="Ticket", readonly=True, copy=False, help="The number in the database.")
    ticket_refs = fields.Json(
        string="All Tickets", readonly=True, copy=False, help="The numbers of all of its tickets, the newest last."
    )

    def _get_ticket(self):
        """The ticket of this conversation, None where there is none or there are no tickets."""
        self.ensure_one()
        if TICKET not in self.env or not self.ticket_ref:
            return None
        return self._browse_tickets([self.ticket_ref]) or None

    def _browse_tickets(self, numbers):
        return self.env[TICKET].sudo().browse(numbers).exists()

    def _open_ticket(self):
        """Have a ticket for a support case; the one that is open stays the only one."""
        self.ensure_one()
        ticket = self._get_ticket()
        if TICKET not in self.env or (ticket and not _is_closed(ticket)):
            return
        tickets = self.env[TICKET].sudo().with_company(self.company_id)
        known = self._prepare_ticket_values()
        ticket = tickets.create({name: value for name, value in known.items() if value and name in tickets._fields})
        self.write({"ticket_ref": ticket.id, "ticket_refs": [*(self.ticket_refs or ()), ticket.id]})
        # Without a name, which would outlive what is erased.
        link = self._get_html_link(title=self.env._("Conversation %s", self.id))
        ticket.message_post(
            body=self.env._("The customer's WhatsApp thread: %s", link),
            subtype_xmlid="mail.mt_note",
        )

    def _prepare_ticket_values(self):
        contact, partner = self.contact_id, self._get_partner()
        name = self.customer_name or contact.profile_name or contact.display_name
        return {
            "name": self.env._("WhatsApp: %s", name),
            "description": self._get_ticket_description(),
            "partner_id": partner.id,
            "partner_name": name,
            "partner_email": self.email,
            "partner_phone": contact.phone,
            "company_id": self.company_id.id,
        }

    def _get_ticket_description(self):
        """What the customer said in the turn that became a case, in their own words."""
        turn = self.classification_id
        lines = (
            turn.message_ids.sorted("id") if turn else self.line_ids.filtered(lambda line: line.author == "customer")
        )
        words = [text for line in lines[-10:] if (text := line._get_words())]
        quote = Markup("<br/>").join(Markup("<br/>").join(text.splitlines()) for text in words)
        return Markup("<p><b>%s</b></p><blockquote>%s</blockquote>") % (self.env._("What the customer wrote"), quote)

    def _assign_ticket(self, user):
        """Who looks after the case has its ticket, as far as its team lets them."""
        ticket = self._get_ticket()
        if ticket and "user_id" in ticket._fields and not ticket.user_id:
            ticket.user_id = user

    def _erase_ticket(self):
        """Tickets stay, without what the customer said and who they are."""
        if TICKET not in self.env:
            return
        for conversation in self:
            known = {conversation.ticket_ref, *(conversation.ticket_refs or ())} - {0}
            if tickets := conversation._browse_tickets(known):
                erased = {
                    "name": conversation.env._("WhatsApp"),
                    "description": conversation.env._("What was said on WhatsApp is erased."),
                    "partner_id": False,
                    "partner_name": False,
                    "partner_email": False,
                    "partner_phone": False,
                }
                # Tracking would note who it was.
                tickets.with_context(tracking_disable=True).write(
                    {name: value for name, value in erased.items() if name in tickets._fields}
                )

    def action_view_ticket(self):
        """The ticket, which is shown to who may see tickets."""
        self.ensure_one()
        self.check_access("read")
        if not self._get_ticket():
            raise UserError(self.env._("There is no ticket of this conversation."))
        return {
            "type": "ir.actions.act_window",
            "res_model": TICKET,
            "res_id": self.ticket_ref,
            "views": [(False, "form")],
        }


def _is_closed(ticket):
    """Whether a ticket is done with: by the community's mark, else because its stage is folded as Odoo's own are."""
    return ticket.closed if "closed" in ticket._fields else ticket.stage_id.fold
