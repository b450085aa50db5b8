import re
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...gateway.address import clean_number, get_candidates, region_of, to_e164, to_international
from ...lib.accent_insensitive import matching
from ...understanding.reasons import find_cues
from ..handover import QUIET_REASONS
from ..message.base import SILENT_KINDS
from .base import WITH_PEOPLE

#: Longer last words do not fit a card.
_SHOWN_CHARACTERS = 120

#: Fewer digits find everybody.
_FEWEST_DIGITS = 3

#: States of messages of ours that the customer does not get, or not yet in these words.
UNSAID = ("drafting", "dropped")

#: States of messages of ours that answer nothing.
_NO_ANSWER = (*UNSAID, "failed")


class WhatsappConversation(models.Model):
    """What the inbox shows of a conversation, and how it is found."""

    _inherit = "whatsapp.conversation"
    _rec_names_search = ("customer_name", "contact_id")

    waiting_since = fields.Datetime(
        readonly=True, copy=False, help="When the customer wrote the first of what nobody has answered yet."
    )
    title = fields.Char(string="Name", compute="_compute_title", help="The customer, as short as can be.")
    initials = fields.Char(compute="_compute_title")
    sender_label = fields.Char(
        string="Number Written To",
        compute="_compute_sender_label",
        help="Which of the company's WhatsApp numbers the customer writes to; nothing where there is only one.",
    )
    has_photo = fields.Boolean(compute="_compute_has_photo")
    partner_id = fields.Many2one(related="contact_id.partner_id", string="Customer")
    last_words = fields.Char(compute="_compute_last_words")
    customer_words = fields.Char(
        string="Customer Said", compute="_compute_last_words", help="Their last words, whoever has written after them."
    )
    last_author = fields.Selection(
        selection=lambda self: self.env["whatsapp.conversation.message"]._fields["author"].selection,
        compute="_compute_last_words",
        string="Last Writer",
    )
    last_kind = fields.Char(compute="_compute_last_words")
    waiting_reason = fields.Char(string="Because", compute="_compute_waiting_reason", help="Why the customer waits.")
    status = fields.Char(compute="_compute_status", help="The stage, or what is truer: who has it, or what is wrong.")
    failed_message_id = fields.Many2one(
        "whatsapp.conversation.message",
        string="Not Delivered",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="The last message that did not reach the customer; until something is written to them again, by a person "
        "where a person wrote it.",
    )
    failure = fields.Char(related="failed_message_id.failure", string="Not Delivered Because")
    unread_count = fields.Integer(string="Unread", compute="_compute_unread_count")
    number_search = fields.Char(string="Number", store=False, search="_search_number")
    user_search = fields.Char(string="Salesperson's Name", store=False, search="_search_user_name")

    _waiting_index = models.Index("(waiting_since) WHERE waiting_since IS NOT NULL")

    @api.depends("customer_name", "contact_id.partner_id.name", "contact_id.profile_name", "phone")
    def _compute_title(self):
        for conversation in self:
            contact = conversation.contact_id
            name = conversation.customer_name or contact.partner_id.name or contact.profile_name
            number = to_international(contact.phone) if contact.phone else contact.display_name
            conversation.title = name or number
            words = re.findall(r"[^\W\d_]+", name or "")
            conversation.initials = "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()

    @api.depends("sender_id.name")
    def _compute_sender_label(self):
        for conversation in self:
            conversation.sender_label = conversation.sender_id._get_label()

    def _compute_has_photo(self):
        partners = self.contact_id.partner_id.with_context(bin_size=True).filtered("image_128")
        for conversation in self:
            conversation.has_photo = conversation.contact_id.partner_id in partners

    @api.depends("last_message_at")
    @api.depends_context("lang")
    def _compute_last_words(self):
        lines = self.env["whatsapp.conversation.message"]
        lines.flush_model(["conversation_id", "state", "body", "transcript", "kind", "author", "direction"])
        self.env.cr.execute(
            SQL(
                """SELECT conversation.id, line.author, line.kind, concat_ws(' ', line.body, line.transcript),
                          theirs.kind, concat_ws(' ', theirs.body, theirs.transcript)
                     FROM unnest(%(ids)s) AS conversation(id)
                     JOIN LATERAL (SELECT author, kind, left(body, 500) AS body, left(transcript, 500) AS transcript
                                     FROM whatsapp_conversation_message
                                    WHERE conversation_id = conversation.id AND state NOT IN %(unsaid)s
                                 ORDER BY id DESC LIMIT 1) line ON true
                LEFT JOIN LATERAL (SELECT kind, left(body, 500) AS body, left(transcript, 500) AS transcript
                                     FROM whatsapp_conversation_message
                                    WHERE conversation_id = conversation.id AND direction = 'inbound'
                                      AND kind NOT IN %(silent)s
                                 ORDER BY id DESC LIMIT 1) theirs ON true""",
                ids=list(self._ids),
                unsaid=UNSAID,
                silent=SILENT_KINDS,
            )
        )
        last = {row[0]: row[1:] for row in self.env.cr.fetchall()}
        kinds = dict(lines._fields["kind"]._description_selection(self.env))
        for conversation in self:
            author, kind, words, *theirs = last.get(conversation.id, (False, False, "", False, ""))
            conversation.last_author, conversation.last_kind = author, kind
            conversation.last_words = _describe_words(kind, words, kinds)
            conversation.customer_words = _describe_words(*theirs, kinds)

    @api.depends("waiting_since", "handover_id.reason", "silence_reason", "failed_message_id", "stage")
    @api.depends_context("lang")
    def _compute_waiting_reason(self):
        for conversation in self:
            conversation.waiting_reason = conversation._get_waiting_reason()

    def _get_waiting_reason(self):
        self.ensure_one()
        if not self.waiting_since or self.stage == "closed":
            return False
        if self.failed_message_id:
            return self.env._("Our answer did not arrive")
        for name in ("handover_reason", "silence_reason"):
            if self[name]:
                return dict(self._fields[name]._description_selection(self.env))[self[name]]
        if self.stage in WITH_PEOPLE:
            return self.env._("Wrote again to a colleague")
        return self.env._("Nobody has answered")

    @api.depends("stage", "opted_out", "failed_message_id", "handover_id", "user_id")
    @api.depends_context("lang")
    def _compute_status(self):
        stages = dict(self._fields["stage"]._description_selection(self.env))
        for conversation in self:
            stage, name = conversation.stage, conversation.user_id.name
            status = stages.get(stage, False)
            if stage == "closed":
                pass
            elif conversation.opted_out:
                status = self.env._("Wants no messages")
            elif conversation.failed_message_id:
                status = self.env._("Not delivered")
            elif stage in WITH_PEOPLE and conversation.handover_id:
                status = self.env._("Waits for %s", name) if name else self.env._("Waits for a person")
            elif stage == "person" and name:
                status = self.env._("With %s", name)
            conversation.status = status

    @api.depends("last_message_at")
    @api.depends_context("uid")
    def _compute_unread_count(self):
        """How much the customer wrote: what a member has not read of it; for others, since the last answer."""
        unread = {**self._count_unanswered(), **self._count_unread()}
        for conversation in self:
            conversation.unread_count = conversation.stage != "closed" and unread.get(conversation.id, 0)

    def _count_unread(self):
        """How many messages of the customer's the user has not read, by the ids of conversations that they are in.

        Discuss counts ours as well, and puts its separator before them: what the assistant said is no news.
        """
        self.env["whatsapp.conversation.message"].flush_model(["conversation_id", "direction", "mail_message_id"])
        self.env["discuss.channel"].flush_model(["whatsapp_conversation_id"])
        self.env["discuss.channel.member"].flush_model(["channel_id", "new_message_separator", "partner_id"])
        self.env.cr.execute(
            SQL(
                """SELECT channel.whatsapp_conversation_id, count(DISTINCT line.mail_message_id)
                     FROM discuss_channel channel
                     JOIN discuss_channel_member member ON member.channel_id = channel.id
                LEFT JOIN whatsapp_conversation_message line
                          ON line.conversation_id = channel.whatsapp_conversation_id AND line.direction = 'inbound'
                         AND line.mail_message_id >= member.new_message_separator
                    WHERE channel.whatsapp_conversation_id = ANY(%(ids)s) AND member.partner_id = %(partner)s
                 GROUP BY channel.whatsapp_conversation_id""",
                ids=list(self._ids),
                partner=self.env.user.partner_id.id,
            )
        )
        return dict(self.env.cr.fetchall())

    def _count_unanswered(self):
        """How many messages the customer wrote since our last one, by conversation id."""
        self.env["whatsapp.conversation.message"].flush_model(["conversation_id", "direction", "state"])
        self.env.cr.execute(
            SQL(
                """SELECT conversation.id, line.count
                     FROM unnest(%(ids)s) AS conversation(id)
               CROSS JOIN LATERAL (
                          SELECT count(*)
                            FROM whatsapp_conversation_message
                           WHERE conversation_id = conversation.id AND direction = 'inbound'
                             AND id > COALESCE((SELECT id FROM whatsapp_conversation_message
                                                 WHERE conversation_id = conversation.id AND direction = 'outbound'
                                                   AND state NOT IN %(no_answer)s
                                              ORDER BY id DESC LIMIT 1), 0)) line""",
                ids=list(self._ids),
                no_answer=_NO_ANSWER,
            )
        )
        return dict(self.env.cr.fetchall())

    def _search_number(self, operator, value):
        """A number as people type it: with or without country, zeros, spaces and signs, whole or in part.

        Or what WhatsApp names the customer by, and the number that the customer told.
        """
        if operator not in ("ilike", "like", "in"):
            return NotImplemented
        texts = [value] if isinstance(value, str) else value
        return Domain.OR(
            self._get_number_domain(text)
            | Domain("contact_id", "any", self.env["whatsapp.contact"]._get_handle_domain(text))
            for text in texts
            if text
        )

    def _get_number_domain(self, text):
        text = clean_number(text)
        digits = re.sub(r"\D", "", text)
        if len(digits) < _FEWEST_DIGITS or re.search(r"[^\W\d_]", text):
            return Domain.FALSE
        return Domain("phone", "in", self._get_numbers(text)) | Domain("phone", "like", digits.lstrip("0") or digits)

    def _search_user_name(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return Domain("user_id", "any", Domain("partner_id", "any", matching("name", operator, value)))

    @api.model
    def _get_numbers(self, text):
        """What a number as people write it may be in E.164: without a country it is of the senders' or the company's."""
        if clean_number(text).startswith("+"):
            numbers = {to_e164(text)}
        else:
            senders = self.env["whatsapp.sender"].search_fetch([], ["number"])
            regions = {region_of(sender.number) for sender in senders} | {self.env.company.country_id.code}
            numbers = {to_e164(text, region) for region in regions if region}
        return list({form for number in numbers if number for form in get_candidates(number)})

    @api.model
    def formatted_read_group(self, domain, groupby=(), *args, **kwargs):
        """Closed conversations are out of the way until they are asked for, and so are stages in which nobody is."""
        groups = super().formatted_read_group(domain, groupby, *args, **kwargs)
        if list(groupby)[:1] == ["stage"]:
            for group in groups:
                group["__fold"] = group["stage"] == "closed" or not group.get("__count", True)
        return groups

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        return (*super()._get_view_cache_key(view_id, view_type, **options), self._has_several_senders())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Lists say which number each customer writes to where there are several."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "list" and self._has_several_senders():
            for node in arch.iterfind(".//field[@name='sender_id']"):
                node.set("optional", "show")
        return arch, view

    @api.model
    def _has_several_senders(self):
        senders = self.env["whatsapp.sender"]
        return sum(len(senders._list_active_ids(company.id)) for company in self.env.companies) > 1

    # Who waits for an answer

    def _begin_waiting(self, messages):
        """The customer waits since the first of what nobody has answered; some kinds await no answer."""
        if not self.waiting_since and (said := messages.filtered(_awaits_answer)):
            self.waiting_since = min(message._get_written_at() for message in said)

    def _stop_waiting_for_nothing(self):
        """The customer took something back: where nothing else is unanswered they wait no longer.

        Whom a colleague was called for still waits: that colleague looks.
        """
        for conversation in self.filtered(lambda each: each.waiting_since and not each.handover_id):
            own = [("conversation_id", "=", conversation.id)]
            answered = [*own, ("direction", "=", "outbound"), ("state", "not in", _NO_ANSWER)]
            last = conversation.line_ids.search(answered, order="id desc", limit=1).id or 0
            since = conversation.line_ids.search([*own, ("direction", "=", "inbound"), ("id", ">", last)])
            if not since.filtered(_awaits_answer):
                conversation.waiting_since = False

    def _end_waiting(self, messages):
        """The customer gets an answer.

        That a person was called is none yet, but what the assistant itself says beside a promise is one.
        """
        if "person" in messages.mapped("author") or not self.handover_id or self.handover_id.reason in QUIET_REASONS:
            self.waiting_since = False

    def _resume_waiting(self):
        """An answer was dropped or did not arrive: when it was the last word, the customer waits again."""
        waiting_for_none = self.filtered(lambda conversation: conversation.waiting_since or conversation.opted_out)
        for conversation in self - waiting_for_none:
            if conversation._count_unanswered()[conversation.id]:
                conversation.waiting_since = conversation.last_inbound_at

    def _forget_failure(self, messages):
        """Something is written to the customer again: what did not arrive is known to who writes it."""
        failed = self.failed_message_id
        if failed and ("person" in messages.mapped("author") or failed.author == "assistant"):
            self.failed_message_id = False

    def _answer_again(self, messages):
        """Messages that failed are under way once more: an answer, as they were at first."""
        if self.failed_message_id in messages:
            self.failed_message_id = False
        if own := messages.filtered(lambda message: message.conversation_id == self):
            self._end_waiting(own)

    evidence = fields.Json(
        compute="_compute_evidence",
        help="By slot: confidence, the customer's own words, which of them weigh most, and who says so.",
    )
    next_step = fields.Char(string="Next", compute="_compute_next_step", help="What happens by itself.")
    other_count = fields.Integer(
        string="Other Conversations", compute="_compute_other_count", help="Earlier ones of the customer, mostly."
    )

    @api.depends("understanding")
    @api.depends_context("lang")
    def _compute_evidence(self):
        for conversation in self:
            slots = conversation._get_state().slots
            reasons = conversation._get_reasons(slots)
            conversation.evidence = {
                name: {
                    "confidence": slot.confidence,
                    "quote": slot.quote,
                    "reasons": reasons.get(name, ""),
                    "source": slot.source,
                    "known_otherwise": slot.known_otherwise,
                }
                for name, slot in slots.items()
            }

    def _get_reasons(self, slots):
        """By slot, in words, which of the customer's words speak most for what was read; nothing where none stands out."""
        self.ensure_one()
        values = defaultdict(dict)
        for name, slot in slots.items():
            if slot.source == "rule" and slot.message.isdecimal():
                values[int(slot.message)][name] = slot.value
        lines = self.line_ids.search([("id", "in", list(values)), ("conversation_id", "in", self.ids)])
        vocabulary = self.assistant_id._get_vocabulary() if lines else None
        reasons = {}
        for line in lines:
            for name, cues in find_cues(line._get_words(), values[line.id], vocabulary).items():
                reasons[name] = ", ".join(map(self._describe_cue, cues))
        return reasons

    def _describe_cue(self, cue):
        said = {"word": cue.word, "value": cue.of}
        if cue.side == "before":
            return self.env._("says “%(word)s” before “%(value)s”", **said)
        if cue.side == "after":
            return self.env._("says “%(word)s” after “%(value)s”", **said)
        return self.env._("says “%(word)s”", **said)

    @api.depends(
        "stage",
        "understanding",
        "due_at",
        "lead_id",
        "last_inbound_at",
        "silence_reason",
        "opted_out",
        "handover_id.reason",
    )
    @api.depends_context("lang")
    def _compute_next_step(self):
        for conversation in self:
            conversation.next_step = conversation._get_next_step()

    def _get_last_step(self):
        """What the assistant last did, or why it does nothing: for who tries it, in the place of the bare action."""
        idle = self.opted_out or self.closing or self.silence_reason or self.handover_id
        if idle or self.stage in ("person", "closed"):
            return self._get_next_step()
        return dict(self._fields["action"]._description_selection(self.env)).get(self.action, False)

    def _get_next_step(self):
        if self.opted_out:
            return self.env._("Nothing: the customer does not want messages.")
        if self.stage == "closed":
            return self.env._("Nothing: the customer's next message begins a new conversation.")
        if self.contact_id._is_out_of_reach():
            return self.env._("Nothing: the customer cannot be written to on WhatsApp.")
        if self.handover_id and self.stage in WITH_PEOPLE:
            reason = dict(self._fields["handover_reason"]._description_selection(self.env))[self.handover_reason]
            name = self.user_id.name or self.env._("a person")
            return self.env._("Nothing by itself: %(person)s was called. %(reason)s.", person=name, reason=reason)
        if self.stage == "person":
            return self.env._("Nothing by itself: a person answers.")
        if self.silence_reason:
            reasons = dict(self._fields["silence_reason"]._description_selection(self.env))
            return self.env._("Nothing by itself: %s.", reasons[self.silence_reason].lower())
        if self.due_at:
            return self.env._("The assistant reads what came in.")
        if self.stage == "support":
            return self.env._("Nothing by itself: a person looks after it, unless the customer wants to buy.")
        if self.closing == "lost":
            return self.env._("Nothing: the customer has given it up, until something is wanted again.")
        if self.closing == "postponed":
            return self.env._("Nothing: the customer has put it off, and will write.")
        if self.lead_id:
            return self.env._("What the customer adds goes to the lead.")
        if not self.classification_id:
            return False
        action = dict(self._fields["action"]._description_selection(self.env))[self._decide().action]
        step = self.env._("When the customer answers: %s", action)
        hours = self.assistant_id._get_bounded("idle_hours")
        if hours and self.last_inbound_at and (self.customer_name or self.product_interest):
            at = fields.Datetime.context_timestamp(self, self.last_inbound_at + timedelta(hours=hours))
            step = self.env._("%(step)s. Silent until %(time)s: a lead is made.", step=step, time=f"{at:%d/%m %H:%M}")
        return step

    @api.depends("contact_id")
    def _compute_other_count(self):
        counts = dict(self._read_group([("contact_id", "in", self.contact_id.ids)], ["contact_id"], ["__count"]))
        for conversation in self:
            conversation.other_count = max(counts.get(conversation.contact_id, 0) - 1, 0)


def _shorten(words):
    words = " ".join(words.split())
    return words if len(words) <= _SHOWN_CHARACTERS else f"{words[: _SHOWN_CHARACTERS - 1]}…"


def _describe_words(kind, words, kinds):
    """A message in one short line: what kind of thing it is, unless that is text, and its words."""
    words = _shorten(words)
    if kind and kind not in ("text", "button"):
        words = f"{kinds[kind]}: {words}" if words else kinds[kind]
    return words


def _awaits_answer(message):
    """Whether a message of the customer's wants an answer: not what was taken back, nor what says nothing.

    Nor what is handled in its new words.
    """
    if message.kind in SILENT_KINDS or message.deleted_at or (message.edited_at and message.state == "handled"):
        return False
    return message.kind != "edit" or message.body
