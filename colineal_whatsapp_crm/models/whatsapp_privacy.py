from hashlib import sha256

from odoo import api, fields, models

from .. import ephemeral

#: What remains of an erased analysis: what the figures are about, and nothing that tells who it was.
_FIGURES = ("products", "budget", "city", "urgency")
_PERSONAL = ("name", "email", "need")


def _strip_slots(slots):
    """Slots without the person and without the customer's own words."""
    return {
        name: {**slot, "quote": "", "message": ""} for name, slot in (slots or {}).items() if name in _FIGURES
    } or False


def _strip_reasons(reasons):
    return [
        [code, subject, "…" if subject in _PERSONAL else detail] for code, subject, detail in reasons or ()
    ] or False


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


def _erase_around(records):
    """Delete what hangs on records: notes, files, activities, meetings, what is drafted or planned for later.

    Who is no colleague follows them no longer.
    """
    for model, model_field, id_field in _HANGING:
        if model in records.env:
            domain = [(model_field, "=", records._name), (id_field, "in", records.ids)]
            _erase_with_files(records.env[model].sudo().with_context(active_test=False).search(domain))
    followers = records.sudo().message_partner_ids
    records.sudo().message_unsubscribe(followers.filtered("partner_share").ids)


def _erase_with_files(rows):
    if rows._name == "mail.message" and "sms.sms" in rows.env:
        # They would outlive their message, and go.
        rows.env["sms.sms"].sudo().search([("mail_message_id", "in", rows.ids)]).unlink()
    if "attachment_ids" in rows:
        rows.attachment_ids.filtered(lambda file: file.res_model in (False, rows._name)).unlink()
    rows.unlink()


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
        return super().unlink()

    def _get_channel(self):
        """Of what is erased there is nothing to show."""
        return super()._get_channel() if self.channel_id or not self.words_erased_at else self.channel_id

    def _end(self):
        """An erased conversation does not go on: the customer's next message begins another."""
        self.filtered(lambda conversation: conversation.stage != "closed").action_close()

    def _erase_files(self):
        lines = self.line_ids
        files = self.env["ir.attachment"].search([("res_model", "=", lines._name), ("res_id", "in", lines.ids)])
        (files | lines.outgoing_attachment_id | lines.mail_message_id.attachment_ids).unlink()
        lines.filtered("media_state").write({"media_state": "erased", "media_retry_at": False, "media_error": False})
        self.write({"files_erased_at": fields.Datetime.now()})

    def _erase_words(self):
        """Messages in the ledger and in Discuss, notes and activities; what is at Twilio, if the sender wants that."""
        self._end()
        self._erase_files()
        lines = self.line_ids
        lines._give_up()
        lines._erase_at_twilio()
        lines.mail_message_id.unlink()
        lines.write(dict.fromkeys(("body", "transcript", "parameters", "error"), False))
        _erase_around(self)
        self.write({"words_erased_at": fields.Datetime.now(), "error": False})
        self._forget_threads()
        for conversation in self:
            place = (self.env.cr.dbname, conversation.sender_id.id, conversation.contact_id.address)
            self.env.cr.postcommit.add(lambda place=place: ephemeral.forget_conversation(*place))

    def _forget_threads(self):
        """A thread goes with the last of its conversations: colleagues' notes in it are about the person as well."""
        channels = self.channel_id
        siblings = self.search([("channel_id", "in", channels.ids), ("words_erased_at", "=", False)])
        gone = channels - siblings.channel_id
        _erase_around(gone)
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
            conversation.understanding = {"slots": _strip_slots(known.get("slots")) or {}, "lead": known.get("lead")}
        self.write({"product_words": False, "lead_values": False, "analysis_erased_at": fields.Datetime.now()})


class WhatsappConversationMessage(models.Model):
    _inherit = "whatsapp.conversation.message"

    media_state = fields.Selection(selection_add=[("erased", "Deleted")])

    def write(self, vals):
        """What was on its way while it was erased is deleted at Twilio once its name there is known."""
        result = super().write(vals)
        if vals.get("sid"):
            self.filtered(lambda line: line.conversation_id.words_erased_at)._erase_at_twilio()
        return result

    def _give_up(self):
        """Neither read nor send what is about to be erased."""
        for state, then in (
            ("received", "handled"),
            ("drafting", "dropped"),
            ("queued", "dropped"),
            ("unknown", "failed"),
        ):
            self.filtered(lambda line, state=state: line.state == state)._move_to(then)

    def _post_in(self, channel):
        """What is erased is not shown."""
        return super(
            WhatsappConversationMessage, self.filtered(lambda line: not line.conversation_id.words_erased_at)
        )._post_in(channel)


class WhatsappContact(models.Model):
    """Everything about one person goes; what the shop must remember is that it may not write to them."""

    _inherit = "whatsapp.contact"

    erased_at = fields.Datetime(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Who wanted no messages and was then erased is known again, where there is no number for the blacklist."""
        contacts = super().create(vals_list)
        for contact in contacts.filtered(lambda contact: not contact.phone):
            silent = [("address", "=", contact._get_erased_address()), ("opted_out", "=", True)]
            if self.sudo().search_count(silent, limit=1):
                contact.sudo()._opt_out("customer")
        return contacts

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
            text = self.env._("The customer's personal data were erased.")
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

    @api.depends("erased_at")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for contact in self.filtered("erased_at"):
            contact.display_name = self.env._("Erased customer")
        return result


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _erase_person(self):
        """Take out who the lead is; what was wanted, how good it was and what became of it stay."""
        _erase_around(self)
        if "calendar_event_ids" in self:
            _erase_with_files(self.calendar_event_ids)
        personal = ("partner_id", "contact_name", "partner_name", "function", "email_from", "email_cc", "phone")
        personal += ("street", "street2", "zip", "website", "description", "referred")
        self.with_context(tracking_disable=True).write(
            {**dict.fromkeys(personal, False), "name": self.env._("Erased customer")}
        )
