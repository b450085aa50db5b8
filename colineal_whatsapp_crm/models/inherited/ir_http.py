from odoo import models
from odoo.http import request
from werkzeug.exceptions import HTTPException, TooManyRequests, Unauthorized

from ...gateway.request_guard import RequestRejected, check_shape
from ...lib import errors, log_masking, outage, rate_limit


class IrHttp(models.AbstractModel):
    """The webhook's requests on their way through Odoo: little is done for them, and nothing before they are looked at."""

    _inherit = "ir.http"

    def _register_hook(self):
        super()._register_hook()
        errors.install()
        log_masking.install()
        outage.install()

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Twilio's calls speak no language: any installed one will do.

        Without one, Odoo reads user, company and partner to find a language for each request, which would cost more
        than taking in the message.
        """
        if rule.endpoint.routing.get("whatsapp_webhook"):
            request.whatsapp_webhook = True
            check_shape(request.httprequest)
            languages = request.env["res.lang"].sudo().get_installed()
            request.update_context(lang=languages[0][0])
        return super()._pre_dispatch(rule, args)

    @classmethod
    def _auth_method_whatsapp_key(cls):
        """An Odoo API key, so many requests a minute for each user; and as many failures for each address.

        A browser's session is nobody's here: Odoo would take it where somebody opens the address in their browser.
        """
        cls._auth_method_none()
        try:
            cls._auth_method_bearer()
        except Unauthorized:
            cls._count_whatsapp_request(f"address:{request.httprequest.remote_addr}")
            raise
        cls._count_whatsapp_request(f"user:{request.env.uid}")
        # The user's language, which is at hand; Odoo would look for the company's, in three tables.
        request.update_context(**request.env["res.users"].context_get())

    @classmethod
    def _auth_method_whatsapp_key_or_public(cls):
        if "Authorization" in request.httprequest.headers:
            cls._auth_method_whatsapp_key()
        else:
            cls._auth_method_none()
            cls._auth_method_public()
            cls._count_whatsapp_request(f"address:{request.httprequest.remote_addr}")

    @classmethod
    def _count_whatsapp_request(cls, caller):
        if wait := rate_limit.hit_api(request.env.cr.dbname, caller):
            raise TooManyRequests(retry_after=wait)

    @classmethod
    def _dispatch(cls, endpoint):
        if not endpoint.routing.get("whatsapp_webhook"):
            return super()._dispatch(endpoint)
        # The controller reads the form itself: as arguments, parameters could take the names of others.
        request.params = {}
        try:
            return super()._dispatch(endpoint)
        except RequestRejected as rejection:
            # An answer like any other: what was noted of the refusal is committed.
            return rejection.get_response()

    @classmethod
    def _handle_error(cls, exception):
        """Twilio shows the body of an answer to people: words, and no page."""
        if not getattr(request, "whatsapp_webhook", False) or isinstance(exception, RequestRejected):
            return super()._handle_error(exception)
        if isinstance(exception, HTTPException) and exception.code:
            return RequestRejected(exception.code, exception.description or exception.name)
        return RequestRejected(500, "The request could not be taken in")
