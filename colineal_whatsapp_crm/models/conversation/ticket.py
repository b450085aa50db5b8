import re

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

from ...lib.routes import TICKET_PATH
from .erasure import erase_with_files

#: The model of tickets, of Odoo Enterprise's Helpdesk and of the Odoo Community Association's `helpdesk_mgmt`. Neither
#: is needed: without one, support has an activity and a stage.
TICKET = "helpdesk.ticket"
#: The community's channels, by which its reports tell where tickets come from.
_CHANNEL = "helpdesk.ticket.channel"
#: The members of a ticket's team: Odoo's name, and the community's.
_MEMBERS = ("member_ids", "user_ids")
_WORD = re.compile(r"\w+")
#: So many messages of before are noted on a new ticket.
_NOTED_BEFORE = 50


class WhatsappConversation(models.Model):
    """A support case as a ticket, where the database has tickets."""

    _inherit = "whatsapp.conversation"

    # No Many2one: the model is there or is not.
    ticket_ref = fields.Integer(string="Ticket", readonly=True, copy=False, help="The number in the database.")
    ticket_refs = fields.Json(
        string="All Tickets", readonly=True, copy=False, help="The numbers of all of its tickets, the newest last."
    )

    @api.model
    def _has_tickets(self):
        return TICKET in self.env

    def _get_ticket(self):
        """The ticket of this conversation, None where there is none or there are no tickets."""
        self.ensure_one()
        if not self._has_tickets() or not self.ticket_ref:
            return None
        return self._browse_tickets([self.ticket_ref]) or None

    def _get_open_ticket(self):
        """The ticket of this conversation, None where there is none that is open."""
        ticket = self._get_ticket()
        return ticket if ticket and not _is_closed(ticket) else None

    def _browse_tickets(self, numbers):
        return self.env[TICKET].sudo().browse(numbers).exists()

    def _open_ticket(self):
        """Have a ticket for a support case; one of the customer's that is open stays the only one."""
        self.ensure_one()
        if not self._has_tickets() or self._get_open_ticket() or self.words_erased_at:
            return
        ticket = self._find_open_ticket() or self._create_ticket()
        if not ticket:
            # Support has its activity and its stage.
            return
        refs = [number for number in self.ticket_refs or () if number != ticket.id]
        self.write({"ticket_ref": ticket.id, "ticket_refs": [*refs, ticket.id]})
        # Without a name, which would outlive what is erased; and for who is not in Sales as well.
        link = Markup('<a href="%s/%s" target="_blank">%s</a>') % (
            TICKET_PATH,
            ticket.id,
            self.env._("Conversation %s", self.id),
        )
        ticket.message_post(
            body=self.env._("The customer's WhatsApp thread: %s", link),
            subtype_xmlid="mail.mt_note",
        )
        self.line_ids.sorted("id")[-_NOTED_BEFORE:]._show_in_ticket()

    @api.model
    def _find_of_ticket(self, number):
        """The conversations whose messages stand on a ticket that the user may read, as superuser.

        Raises `AccessError` where they may not read it, or are no colleague: tickets are shown on portals as well.
        """
        user = self.env.user
        if not user._is_internal():
            raise AccessError(self.env._("Only colleagues see the WhatsApp thread of a ticket."))
        companies = {"allowed_company_ids": user.company_ids.ids}
        ticket = self._has_tickets() and self.env[TICKET].with_context(**companies).browse(number).exists()
        if not ticket:
            return self.browse()
        ticket.check_access("read")
        noted = [("ticket_message_id.model", "=", TICKET), ("ticket_message_id.res_id", "=", ticket.id)]
        return self.env["whatsapp.conversation.message"].sudo().search(noted).conversation_id

    def _find_open_ticket(self):
        """A case of the customer's from an earlier conversation, or with another sender of the company."""
        others = (self.contact_id.conversation_ids - self).filtered(lambda each: each.company_id == self.company_id)
        known = {number for each in others for number in (each.ticket_ref, *(each.ticket_refs or ())) if number}
        tickets = self._browse_tickets(sorted(known))
        return tickets.filtered(lambda ticket: not _is_closed(ticket)).sorted("id")[-1:]

    def _create_ticket(self):
        """A new ticket of this company; none where its teams are all of other companies."""
        tickets = self.env[TICKET].sudo().with_company(self.company_id)
        values = {name: value for name, value in self._prepare_ticket_values().items() if value}
        if "team_id" in tickets._fields:
            # Never left to the default: to the superuser, that is any company's first team.
            values["team_id"] = self._get_ticket_team(tickets).id
            if not values["team_id"] and tickets._fields["company_id"].related:
                return tickets
        if "user_id" in tickets._fields and tickets.default_get(["user_id"]).get("user_id") == self.env.uid:
            # The community's tickets are whose opens them, who is Odoo itself here, or passes the case on.
            values["user_id"] = False
        known = {name for name in values if name in tickets._fields and not tickets._fields[name].related}
        return tickets.create({name: values[name] for name in known})

    def _get_ticket_team(self, tickets):
        """The first team of this company, else one of all companies."""
        teams = tickets.env[tickets._fields["team_id"].comodel_name]
        if "company_id" not in teams._fields:
            return teams.search([], limit=1)
        own, shared = (teams.search([("company_id", "=", id_)], limit=1) for id_ in (self.company_id.id, False))
        return own or shared

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
            "channel_id": self._find_ticket_channel().id,
        }

    def _find_ticket_channel(self):
        """Where the community's tickets come from: one that is named *WhatsApp*, else its *Other*."""
        channel = self.env[TICKET]._fields.get("channel_id")
        if not channel or channel.comodel_name != _CHANNEL:
            return self.env["res.company"]
        channels = self.env[_CHANNEL].sudo().search([("company_id", "in", [self.company_id.id, False])])
        other = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_other", raise_if_not_found=False)
        named = channels.filtered(lambda channel: channel.name.strip().lower() == "whatsapp")
        return named[:1] or channels.filtered(lambda channel: channel == other)

    def _get_ticket_description(self):
        """What the customer said in the turn that became a case, in their own words."""
        turn = self.classification_id
        lines = (
            turn.message_ids.sorted("id") if turn else self.line_ids.filtered(lambda line: line.author == "customer")
        )
        return Markup("<p><b>%s</b></p><blockquote>%s</blockquote><p>%s</p>") % (
            self.env._("What the customer wrote"),
            lines[-10:]._quote_words(),
            # Not every model of tickets has a field for it.
            self.env._("On WhatsApp: %s", self.contact_id.phone or self.contact_id._get_handle()),
        )

    def _assign_ticket(self, user):
        """Who is asked to look after the case has its ticket: from hand to hand, as far as the ticket's team lets them.

        What somebody in Helpdesk took, they keep, as long as they work there.
        """
        ticket = self.handover_id.reason == "support" and self._get_open_ticket()
        if not ticket or "user_id" not in ticket._fields:
            return
        asked = self.handover_ids.filtered(lambda each: each.outcome != "answered")
        if ticket.user_id.active and ticket.user_id not in asked.missed_user_ids | asked.user_id:
            return
        team = ticket["team_id"] if "team_id" in ticket._fields else ()
        members = next((team[name] for name in _MEMBERS if team and name in team._fields), ())
        if not members or user in members:
            # They are rung and have an activity; a notice would name the customer for ever.
            ticket.with_context(mail_auto_subscribe_no_notify=True).user_id = user

    def _follow_ticket(self):
        """The ticket was closed: the case is over for the conversation, too. Returns whether it was just found to be."""
        if self.stage != "support" and not (self.stage == "person" and self._get_state().support):
            return False
        ticket = self._get_ticket()
        if not ticket or not _is_closed(ticket):
            return False
        conversation = self._with_its_company()
        if self.stage == "person":
            # Somebody writes with the customer, and goes on.
            conversation._close_case()
        else:
            conversation._hand_back(conversation.env._("The ticket is closed: the assistant goes on."))
        return True

    def _erase_ticket(self):
        """Tickets stay, without what the customer said and, but for a conversation that goes on, who they are."""
        if not self._has_tickets():
            return
        for conversation in self:
            others = (conversation.contact_id.conversation_ids - self).filtered(lambda each: not each.words_erased_at)
            used = {number for each in others for number in each.ticket_refs or ()}
            known = {conversation.ticket_ref, *(conversation.ticket_refs or ())} - {0}
            for ticket in conversation._browse_tickets(known):
                erased = {"description": conversation.env._("What was said on WhatsApp is erased.")}
                if ticket.id not in used:
                    conversation._erase_notices(ticket)
                    erased.update(
                        name=conversation.env._("WhatsApp"),
                        partner_id=False,
                        partner_name=False,
                        partner_email=False,
                        partner_phone=False,
                    )
                # Tracking would note who it was.
                ticket.with_context(tracking_disable=True).write(
                    {name: value for name, value in erased.items() if name in ticket._fields}
                )

    def _erase_notices(self, ticket):
        """Notices on a ticket that name the customer, as Odoo writes them to who is given one."""
        contact = self.contact_id
        names = {self.customer_name, contact.profile_name, contact.phone, self.email, ticket["partner_name"]} - {False}
        # As words: who calls themselves *A* is not named by every note.
        names = {words for name in names if (words := _get_words(name)).strip()}
        notices = ticket.message_ids.filtered(
            lambda notice: any(name in _get_words(html2plaintext(notice.body or "")) for name in names)
        )
        erase_with_files(notices)

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


def _get_words(text):
    """The words of a text, each between two blanks."""
    return f" {' '.join(_WORD.findall(text))} "


def _is_closed(ticket):
    """Whether a ticket is done with: by the community's mark, else because its stage is folded as Odoo's own are."""
    return ticket.closed if "closed" in ticket._fields else ticket.stage_id.fold
