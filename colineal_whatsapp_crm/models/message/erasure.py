from odoo import fields, models


class WhatsappConversationMessage(models.Model):
    """What is taken out of messages, here and at Twilio."""

    _inherit = "whatsapp.conversation.message"

    left_twilio = fields.Boolean(string="Deleted at Twilio", readonly=True, copy=False, help="Or about to be.")

    def _set_sid(self, sid):
        """Twilio's name for the message is known now: what was erased on its way can be deleted there."""
        self.ensure_one()
        self.sid = sid
        if self.conversation_id.words_erased_at:
            self._erase_at_twilio()

    def _give_up(self):
        """Neither read nor send what is about to be erased."""
        for state, then in (
            ("received", "handled"),
            ("drafting", "dropped"),
            ("queued", "dropped"),
            ("unknown", "failed"),
        ):
            self.filtered(lambda line, state=state: line.state == state)._move_to(then)

    def _erase_at_twilio(self):
        """Have messages deleted at Twilio, where their sender wants that and is connected."""
        there = self.filtered(
            lambda line: (
                line.sid
                and not line.left_twilio
                and line.sender_id.at_twilio != "keep"
                and line.sender_id._get_credentials()
            )
        )
        if not there:
            return
        self.env["whatsapp.twilio.erasure"].create(
            [{"sender_id": line.sender_id.id, "sid": line.sid, "retry_at": fields.Datetime.now()} for line in there]
        )
        there.write({"left_twilio": True})
        self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_erase_at_twilio")
