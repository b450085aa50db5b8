from odoo import fields, models
from odoo.tools import SQL

from ...gateway.message_states import NOT_SENT
from ...lib.clock import utcnow


class WhatsappConversation(models.Model):
    """What reports count and time, kept on the conversation while it goes on.

    To sum up a million messages each time somebody opens a report would take seconds; here it goes along with what is
    written anyway.
    """

    _inherit = "whatsapp.conversation"

    first_inbound_at = fields.Datetime(
        string="Begun", readonly=True, copy=False, help="When the customer wrote the first message."
    )
    first_assistant_at = fields.Datetime(
        string="First Answer by the Assistant", readonly=True, copy=False, help="When it was put into the outbox."
    )
    first_person_at = fields.Datetime(
        string="First Answer by a Person", readonly=True, copy=False, help="When it was put into the outbox."
    )
    person_asked_at = fields.Datetime(
        string="Person Asked",
        readonly=True,
        copy=False,
        help="Since when the customer had waited for that answer: when a person was called, or else when they wrote what "
        "nobody had answered, or else their last message before it. Empty when a person wrote first.",
    )
    lead_at = fields.Datetime(string="Became a Lead", readonly=True, copy=False)
    lead_answered_at = fields.Datetime(
        string="Lead Answered",
        readonly=True,
        copy=False,
        help="When a person first wrote to the customer after the lead was made.",
    )
    inbound_count = fields.Integer(string="Messages Received", readonly=True, copy=False)
    outbound_count = fields.Integer(string="Messages Sent", readonly=True, copy=False)

    _begun_index = models.Index("(first_inbound_at)")

    def _count_inbound(self, messages):
        self.inbound_count += len(messages)
        if not self.first_inbound_at:
            self.first_inbound_at = min(message._get_written_at() for message in messages)

    def _count_outbound(self, messages):
        self.outbound_count += len(messages)
        authors = set(messages.mapped("author"))
        if "assistant" in authors and not self.first_assistant_at:
            self.first_assistant_at = utcnow()
        if "person" in authors and not self.first_person_at:
            asked_at = self.awaited_since or self.waiting_since or self.last_inbound_at
            self.write({"first_person_at": utcnow(), "person_asked_at": asked_at})
        if "person" in authors and self.lead_at and not self.lead_answered_at:
            self.lead_answered_at = utcnow()

    def _recount(self):
        """Count and time these conversations anew from their messages; what the messages do not tell stays."""
        messages = self.env["whatsapp.conversation.message"]
        messages.flush_model(["conversation_id", "direction", "author", "state"])
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """UPDATE whatsapp_conversation conversation
                      SET inbound_count = counts.inbound,
                          outbound_count = counts.outbound,
                          first_inbound_at = COALESCE(conversation.first_inbound_at, counts.first_inbound_at),
                          first_assistant_at = counts.first_assistant_at,
                          first_person_at = counts.first_person_at,
                          lead_answered_at = counts.lead_answered_at
                     FROM (SELECT counted.id,
                                  count(*) FILTER (WHERE direction = 'inbound') AS inbound,
                                  count(*) FILTER (WHERE direction = 'outbound') AS outbound,
                                  min(line.create_date) FILTER (WHERE direction = 'inbound') AS first_inbound_at,
                                  min(line.create_date) FILTER (WHERE author = 'assistant') AS first_assistant_at,
                                  min(line.create_date) FILTER (WHERE author = 'person') AS first_person_at,
                                  min(line.create_date) FILTER (WHERE author = 'person' AND line.create_date >= lead_at)
                                  AS lead_answered_at
                             FROM whatsapp_conversation counted
                        LEFT JOIN whatsapp_conversation_message line  -- of one that was emptied none
                               ON line.conversation_id = counted.id AND state NOT IN %(not_sent)s
                            WHERE counted.id = ANY(%(ids)s)
                         GROUP BY counted.id) counts
                    WHERE conversation.id = counts.id""",
                ids=list(self.ids),
                not_sent=NOT_SENT,
            )
        )
        self.invalidate_recordset(flush=False)
