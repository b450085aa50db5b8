from odoo import api, fields, models
from odoo.tools import SQL

from psycopg2.extras import Json

from .. import ephemeral
from ..gateway.inbound import kind_of, raw_parameters, text_of

#: Where a message may go from each state; a state is never left backwards.
TRANSITIONS = {
    "received": {"handled"},
    "queued": {"sending", "simulated", "dropped"},
    "sending": {"sent", "queued", "failed", "unknown"},
    "unknown": {"sent", "delivered", "read", "failed"},
    "sent": {"delivered", "read", "failed"},
    "delivered": {"read"},
}


class WhatsappConversationMessage(models.Model):
    """The ledger: every message that was received, and every one that is to be or was sent."""

    _name = "whatsapp.conversation.message"
    _description = "WhatsApp Message"
    _order = "id"
    _rec_name = "body"

    conversation_id = fields.Many2one("whatsapp.conversation", ondelete="cascade", index=True, readonly=True)
    sender_id = fields.Many2one("whatsapp.sender", required=True, ondelete="restrict", readonly=True)
    company_id = fields.Many2one(related="sender_id.company_id")
    direction = fields.Selection([("inbound", "Received"), ("outbound", "Sent")], required=True, readonly=True)
    author = fields.Selection(
        [("customer", "Customer"), ("assistant", "Assistant"), ("person", "Colleague")], required=True, readonly=True
    )
    user_id = fields.Many2one("res.users", string="Written by", readonly=True)
    address = fields.Char(required=True, readonly=True, help="The customer's raw WhatsApp address.")
    sid = fields.Char(string="Message SID", readonly=True, help="Twilio's name for the message.")
    body = fields.Text(readonly=True)
    kind = fields.Selection(
        [
            ("text", "Text"),
            ("image", "Photo"),
            ("audio", "Voice note"),
            ("video", "Video"),
            ("document", "Document"),
            ("sticker", "Sticker"),
            ("location", "Location"),
            ("contact", "Contact card"),
            ("button", "Button"),
            ("reaction", "Reaction"),
            ("other", "Other"),
        ],
        default="text",
        required=True,
        readonly=True,
    )
    parameters = fields.Json(readonly=True, groups="sales_team.group_sale_manager", help="All that Twilio sent.")
    state = fields.Selection(
        [
            ("received", "Received"),
            ("handled", "Handled"),
            ("queued", "To send"),
            ("sending", "Sending"),
            ("simulated", "Simulated"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("read", "Read"),
            ("dropped", "Dropped"),
            ("unknown", "Not known to be sent"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
    )
    error = fields.Char(readonly=True)
    attempts = fields.Integer(readonly=True)
    retry_at = fields.Datetime(readonly=True)
    classification_id = fields.Many2one(
        "whatsapp.classification",
        string="Turn",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="The turn that read this message, or that it answers.",
    )
    wording_ids = fields.Many2many("whatsapp.assistant.wording", string="Wordings", readonly=True)

    _sid_uniq = models.Constraint("UNIQUE(sender_id, sid)", "This message is already stored.")
    _unrouted_index = models.Index("(sender_id, address, id) WHERE direction = 'inbound' AND conversation_id IS NULL")
    _unhandled_index = models.Index("(conversation_id, id) WHERE state = 'received'")
    _outbox_index = models.Index("(id) WHERE state = 'queued'")

    @api.model
    def _receive(self, sender_id, form):
        """Store one inbound message once, and wake the worker for it.

        form
            Twilio's parameters as a MultiDict, genuine. A message that is stored already changes nothing.

        The unique constraint decides what is new; Redis only saves the insert of a message seen moments ago.
        """
        dbname = self.env.cr.dbname
        sid = form.get("MessageSid") or form["SmsMessageSid"]
        if ephemeral.was_seen(dbname, sender_id, sid):
            return
        self.env.cr.execute(
            SQL(
                """INSERT INTO whatsapp_conversation_message
                       (sender_id, sid, address, direction, author, state, kind, body, parameters,
                        create_uid, create_date, write_uid, write_date)
                   VALUES (%(sender)s, %(sid)s, %(address)s, 'inbound', 'customer', 'received', %(kind)s, %(body)s,
                           %(parameters)s, %(uid)s, %(now)s, %(uid)s, %(now)s)
                   ON CONFLICT (sender_id, sid) DO NOTHING RETURNING id""",
                sender=sender_id,
                sid=sid,
                address=form["From"],
                kind=kind_of(form),
                body=text_of(form),
                parameters=Json(raw_parameters(form)),
                uid=self.env.uid,
                now=SQL("(now() AT TIME ZONE 'UTC')"),
            )
        )
        if self.env.cr.fetchone():
            self.env["whatsapp.worker"]._wake()
        self.env.cr.postcommit.add(lambda: ephemeral.mark_seen(dbname, sender_id, sid))

    def _move_to(self, state, **values):
        """Move one message on to `state`; a move that `TRANSITIONS` does not allow is ignored and answers False."""
        self.ensure_one()
        if state not in TRANSITIONS.get(self.state, ()):
            return False
        self.write({"state": state, **values})
        return True
