from odoo import fields, models

from ...lib import redis_cache

#: What remains of an erased analysis: what the figures are about, and nothing that tells who it was.
_FIGURES = ("products", "budget", "city", "urgency")

_PERSONAL = ("name", "email", "need")

#: What hangs on a record by the name of its model and its id, tells of a person, or would still be sent to them: model,
#: and its fields for the two. Those that are not installed hold nothing.
_HANGING = (
    ("mail.scheduled.message", "model", "res_id"),
    ("mail.activity", "res_model", "res_id"),
    ("calendar.event", "res_model", "res_id"),
    ("rating.rating", "res_model", "res_id"),
    ("mailing.trace", "model", "res_id"),
    ("snailmail.letter", "model", "res_id"),
    ("mail.message", "model", "res_id"),
    ("ir.attachment", "res_model", "res_id"),
)


class WhatsappConversation(models.Model):
    """What can be taken out of a conversation that is over: files, words, analysis.

    Rows stay, with all that figures are made of: stage, quality, times, counts, states, products.
    """

    _inherit = "whatsapp.conversation"

    files_erased_at = fields.Datetime(readonly=True, copy=False)
    words_erased_at = fields.Datetime(readonly=True, copy=False)
    analysis_erased_at = fields.Datetime(readonly=True, copy=False)

    def unlink(self):
        """Files, threads and what is at Twilio go as well."""
        self._checked_sudo("unlink")._erase_words()
        # Screens that show one which had ended already hear of it as well.
        self._mark_changed()
        return super().unlink()

    def _end(self):
        """An erased conversation does not go on: the customer's next message begins another."""
        self.filtered(lambda conversation: conversation.stage != "closed").action_close()

    def _erase_files(self):
        lines = self.line_ids
        files = self.env["ir.attachment"].search([("res_model", "=", lines._name), ("res_id", "in", lines.ids)])
        shown = lines.mail_message_id | lines.ticket_message_id
        (files | lines.outgoing_attachment_id | shown.attachment_ids).unlink()
        lines.filtered("media_state").write(
            {"media_state": "erased", "media_retry_at": False, "media_error": False, "media_faults": False}
        )
        self.write({"files_erased_at": fields.Datetime.now()})

    def _erase_words(self):
        """Messages in the ledger and in Discuss, notes and activities; what is at Twilio, if the sender wants that."""
        self._end()
        self._erase_files()
        lines = self.line_ids
        lines._give_up()
        lines._erase_at_twilio()
        lines.mail_message_id.unlink()
        lines._erase_in_ticket()
        said = ("body", "earlier_body", "transcript", "translations", "cards", "articles", "parameters", "error")
        lines.write(dict.fromkeys((*said, "content", "request_digest"), False))
        erase_around(self)
        self._erase_ticket()
        # Meta knows by its name of the click who clicked.
        self.write({"words_erased_at": fields.Datetime.now(), "error": False, "advertisement_click": False})
        self._forget_threads()
        for conversation in self:
            place = (self.env.cr.dbname, conversation.sender_id.id, conversation._get_address())
            self.env.cr.postcommit.add(lambda place=place: redis_cache.forget_conversation(*place))

    def _forget_threads(self):
        """A thread goes with the last of its conversations: colleagues' notes in it are about the person as well."""
        channels = self.channel_id
        siblings = self.search([("channel_id", "in", channels.ids), ("words_erased_at", "=", False)])
        gone = channels - siblings.channel_id
        erase_around(gone)
        gone.unlink()

    def _erase_analysis(self):
        turns = self.classification_ids
        self.env["whatsapp.model.call"].search([("classification_id", "in", turns.ids)]).unlink()
        for turn in turns:
            turn.write(
                {
                    **{name: _strip_slots(turn[name]) for name in ("slots", "right_slots")},
                    **{name: _strip_reasons(turn[name]) for name in ("reasons", "right_reasons")},
                }
            )
        for conversation in self:
            known = conversation.understanding or {}
            conversation.understanding = {
                "slots": _strip_slots(known.get("slots")) or {},
                "lead": known.get("lead"),
                "closed": _strip_quote(known.get("closed")),
            }
        self.write({"product_words": False, "lead_values": False, "analysis_erased_at": fields.Datetime.now()})


def _strip_slots(slots):
    """Slots without the person and without the customer's own words."""
    return {name: _strip_quote(slot) for name, slot in (slots or {}).items() if name in _FIGURES} or False


def _strip_quote(value):
    return value and {**value, "quote": "", "message": ""}


def _strip_reasons(reasons):
    return [
        [code, subject, "…" if subject in _PERSONAL else detail] for code, subject, detail in reasons or ()
    ] or False


def erase_around(records):
    """Delete what hangs on records: notes, files, activities, meetings, what is drafted or planned for later.

    Who is no colleague follows them no longer.
    """
    for model, model_field, id_field in _HANGING:
        if model in records.env:
            domain = [(model_field, "=", records._name), (id_field, "in", records.ids)]
            erase_with_files(records.env[model].sudo().with_context(active_test=False).search(domain))
    followers = records.sudo().message_partner_ids
    records.sudo().message_unsubscribe(followers.filtered("partner_share").ids)


def erase_with_files(rows):
    if rows._name == "mail.message" and "sms.sms" in rows.env:
        # They would outlive their message, and go.
        rows.env["sms.sms"].sudo().search([("mail_message_id", "in", rows.ids)]).unlink()
    if "attachment_ids" in rows:
        rows.attachment_ids.filtered(lambda file: file.res_model in (False, rows._name)).unlink()
    rows.unlink()
