from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from ..lib.routes import REVIEWED_PATH


class Reviewed(http.Controller):
    @http.route(REVIEWED_PATH, type="http", auth="user", methods=["GET"], readonly=True)
    def reviewed(self):
        """The conversations with reviewed turns as JSON Lines, for sales administrators. Holds personal data."""
        if not request.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(request.env._("Only sales administrators may export conversations."))
        lines = "".join(f"{line}\n" for line in request.env["whatsapp.classification"]._export_reviewed())
        return request.make_response(
            lines,
            headers=[
                ("Content-Type", "application/jsonl; charset=utf-8"),
                ("Content-Disposition", http.content_disposition("reviewed.jsonl")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
