from markupsafe import Markup
from odoo import http
from odoo.http import request

from ..lib.routes import TICKET_PATH

#: The messages that are shown, the last of each conversation.
_SHOWN = 500

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


class TicketThread(http.Controller):
    @http.route(f"{TICKET_PATH}/<int:number>", type="http", auth="user", methods=["GET"], readonly=True)
    def ticket_thread(self, number):
        """The thread of a support case: its conversation for who may see that, else to be read by who reads the ticket.

        Raises `AccessError` for everybody else.
        """
        conversations = request.env["whatsapp.conversation"]._find_of_ticket(number).sorted("id")
        if not conversations:
            raise request.not_found()
        last, companies = conversations[-1:], request.env.user.company_ids.ids
        if last.with_env(request.env).with_context(allowed_company_ids=companies).has_access("read"):
            return request.redirect(f"/odoo/{last._name}/{last.id}")
        lines = [line for each in conversations for line in each.line_ids.sorted("id")[-_SHOWN:]._list_for_ticket()]
        page = request.env["ir.qweb"]._render(
            "colineal_whatsapp_crm.ticket_thread",
            {
                "title": request.env._("WhatsApp thread of ticket %s", number),
                "ticket": f"/odoo/helpdesk.ticket/{number}",
                "lines": lines,
            },
        )
        return request.make_response(
            Markup("<!DOCTYPE html>") + page,
            headers=[
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Security-Policy", _POLICY),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "no-referrer"),
            ],
        )
