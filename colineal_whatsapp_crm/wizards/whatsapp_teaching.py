from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..models.conversation.closing import CLOSING_REASONS
from ..understanding import City, Interest
from ..understanding.additions import Addition, offer_phrases, offer_words
from ..understanding.closing_cues import LOST, REASONS
from ..understanding.consent import CERTAIN, LIKELY
from ..understanding.grammar import is_feminine, pluralize
from ..understanding.taught import LONGEST, OPT_OUT, Phrase

#: What is to be learned, and from what it follows: when it changes, what was shown counts no more.
_INPUTS = ("lesson", "teaches", "target", "phrase", "interest_id", "city_id", "new_name", "closing_reason")

#: So many changed messages are shown, and so many characters of each.
_MOST_SHOWN, _LONGEST_SHOWN = 60, 400

_VERDICTS = ("worse", "better", "other")


class WhatsappTeaching(models.TransientModel):
    """Teaches the assistant a word or a phrase of a message that it misread, once it is seen what that would change."""

    _name = "whatsapp.teaching"
    _inherit = "whatsapp.access.mixin"
    _description = "Teach the Assistant"
    _writable_fields = {
        "sales_team.group_sale_salesman": {"message_id", "marked", "acts", "proven_for", *_INPUTS},
    }

    message_id = fields.Many2one("whatsapp.conversation.message", required=True, readonly=True, ondelete="cascade")
    marked = fields.Char(help="The words of the message that were marked.")
    said = fields.Text(string="The Customer Wrote", compute="_compute_said")
    lesson = fields.Selection(
        [
            ("word", "A word for a product or a city"),
            ("opt_out", "This is an opt-out"),
            ("closing", "Bought elsewhere, or wants it no more"),
        ],
        string="What It Should Have Understood",
    )
    target = fields.Selection(
        [("interest", "A product"), ("new", "A new product"), ("city", "A city")],
        string="The Word Means",
        default="interest",
        required=True,
    )
    phrase = fields.Char(
        string="Words",
        compute="_compute_phrase",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="As customers write it, without names and numbers.",
    )
    offered = fields.Json(compute="_compute_offered", help="Words or phrases of the message that may be meant.")
    interest_id = fields.Many2one("whatsapp.interest", string="Product", ondelete="cascade")
    city_id = fields.Many2one("whatsapp.city", ondelete="cascade")
    new_name = fields.Char(
        string="Name of the Product",
        compute="_compute_new_name",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="As leads and reports show it, in the singular.",
    )
    closing_reason = fields.Selection(CLOSING_REASONS, string="Reason", default="elsewhere", required=True)
    can_teach = fields.Boolean(compute="_compute_can_teach")
    teaches = fields.Boolean(
        string="Understand It from Now On",
        compute="_compute_teaches",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="The assistant understands these words from the next message of any customer on.",
    )
    acts = fields.Boolean(
        string="Also for This Customer",
        compute="_compute_acts",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="As if it had been understood in this message.",
    )
    fault = fields.Char(
        string="What Is Missing", compute="_compute_fault", help="What is missing, or cannot be learned."
    )
    proven_for = fields.Char(help="What was looked at last.")
    is_proven = fields.Boolean(compute="_compute_is_proven", help="What it changes was shown.")
    proof = fields.Json(compute="_compute_proof", help="What it would change in the last messages.")

    @api.depends("message_id")
    def _compute_said(self):
        for wizard in self:
            wizard.said = wizard._get_line()._get_words() if wizard.message_id else False

    @api.depends("lesson", "message_id")
    def _compute_offered(self):
        for wizard in self:
            wizard.offered = wizard._offer() if wizard.message_id and wizard.lesson else []

    def _offer(self):
        line = self._get_line()
        if self.lesson == "word":
            return offer_words(line._get_words(), line.conversation_id.assistant_id._get_vocabulary())
        return offer_phrases(line._get_words())

    @api.depends("lesson")
    def _compute_phrase(self):
        for wizard in self:
            offered = wizard.offered or ()
            # Of several, nobody knows which is meant.
            wizard.phrase = wizard.marked or (len(offered) == 1 and offered[0]) or False

    @api.depends("phrase", "target")
    def _compute_new_name(self):
        for wizard in self:
            wizard.new_name = (wizard.phrase or "").lower() if wizard.target == "new" else False

    @api.depends_context("uid")
    def _compute_can_teach(self):
        models = ("whatsapp.phrase", "whatsapp.synonym", "whatsapp.interest")
        self.can_teach = all(self.env[name].has_access("create") for name in models)

    @api.depends("lesson")
    def _compute_teaches(self):
        for wizard in self:
            wizard.teaches = wizard.can_teach

    @api.depends("lesson")
    def _compute_acts(self):
        for wizard in self:
            turn = wizard._get_line().classification_id if wizard.message_id else False
            # Who wrote on meanwhile may have decided otherwise; who wants no messages has to say so.
            wizard.acts = wizard.lesson == "opt_out" or bool(turn and turn == turn.conversation_id.classification_id)

    @api.depends(*_INPUTS, "acts")
    def _compute_fault(self):
        for wizard in self:
            wizard.fault = wizard._find_fault() if wizard.lesson else False

    @api.depends(*_INPUTS, "proven_for")
    def _compute_is_proven(self):
        for wizard in self:
            wizard.is_proven = bool(wizard.proven_for) and wizard.proven_for == wizard._get_inputs()

    @api.depends("is_proven", "message_id")
    def _compute_proof(self):
        for wizard in self:
            wizard.proof = wizard._prove() if wizard.is_proven and not wizard.fault else False

    @api.onchange("lesson", "target", "interest_id", "city_id", "closing_reason", "teaches")
    def _onchange_inputs(self):
        """What is chosen and complete is shown at once; words are shown when they are written."""
        if self.lesson and self.teaches and not self.fault:
            self.proven_for = self._get_inputs()

    def action_prove(self):
        """Read the last messages again and show what would change."""
        self.ensure_one()
        if not self.lesson or self.fault:
            raise UserError(self.fault or self.env._("Say what the assistant should have understood."))
        self.proven_for = self._get_inputs()
        action = self.env["ir.actions.act_window"]._for_xml_id("colineal_whatsapp_crm.whatsapp_teaching_action")
        return {**action, "res_id": self.id}

    def action_teach(self):
        """Learn it, and act on it for this customer, as was chosen; what was not shown yet is shown first."""
        self.ensure_one()
        if not self.lesson or self.fault or (self.teaches and not self.is_proven):
            return self.action_prove()
        if self.teaches:
            self._teach()
        if self.acts:
            self._act()
        message = self.env._("From the next message on, the assistant understands it.") if self.teaches else ""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message or self.env._("It counts for this customer."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # What is to be learned

    def _get_line(self):
        """The message as superuser, where the user may read it."""
        return self.message_id._checked_sudo("read")

    def _get_inputs(self):
        """What was entered, as one text."""
        return repr([self[name].id if name in ("interest_id", "city_id") else self[name] for name in _INPUTS])

    def _get_words(self):
        return " ".join((self.phrase or "").split())

    def _find_fault(self):
        """What is missing, or cannot be learned, in words; empty where nothing is."""
        words = self._get_words()
        if self.lesson != "word" and not self.teaches:
            return "" if self.acts else self.env._("Choose whether it counts from now on, for this customer, or both.")
        if not self.can_teach:
            return self.env._(
                "Only sales administrators add words and phrases. Tell them, and correct it here by hand."
            )
        if self.lesson == "word" and not self.teaches:
            return self.env._("Choose that it is understood from now on, or correct the conversation by hand.")
        if not words:
            return self.env._("Choose the words, or write them.")
        if len(words) > LONGEST:
            return self.env._("These are too many words. Choose those that say it.")
        if self.lesson == "word":
            return self._find_word_fault()
        try:
            phrase = self.env["whatsapp.phrase"].new({"name": words, "kind": self._get_kind()})
            phrase._check_phrase()
            phrase._check_meaning()
        except ValidationError as error:
            return error.args[0]
        return ""

    def _find_word_fault(self):
        owner = {"interest": "interest_id", "city": "city_id"}.get(self.target)
        if owner and not self[owner]:
            return self.env._("Choose what the word means.")
        try:
            if owner:
                synonym = self.env["whatsapp.synonym"].new({"name": self._get_words(), owner: self[owner].id})
                synonym._check_name()
                synonym._check_meaning()
            else:
                self._check_new_interest()
        except ValidationError as error:
            return error.args[0]
        if owner and self._is_known(self[owner]):
            return self.env._("“%(word)s” is known as %(thing)s already.", word=self.phrase, thing=self[owner].name)
        return ""

    def _is_known(self, owner):
        known = {word.casefold() for word in (owner.name, *owner._get_synonyms()) if word}
        return self._get_words().casefold() in known

    def _check_new_interest(self):
        name = (self.new_name or "").strip()
        if not name:
            raise ValidationError(self.env._("The product needs a name."))
        interests = self.env["whatsapp.interest"]
        if interests.search_count([("name", "=ilike", name)], limit=1):
            raise ValidationError(self.env._("“%s” is a product already. Choose it.", name))
        interest = interests.new({"name": name})
        interest._check_words()
        # What the name or the word means already, another product cannot mean.
        for word in dict.fromkeys((name, self._get_words())):
            synonym = self.env["whatsapp.synonym"].new({"name": word, "interest_id": interest})
            synonym._check_name()
            synonym._check_meaning()

    def _get_kind(self):
        return OPT_OUT if self.lesson == "opt_out" else self.closing_reason

    def _make_addition(self):
        """What is to be learned as the understanding takes it, an `Addition`."""
        words = self._get_words()
        if self.lesson != "word":
            return Addition(phrase=Phrase(self._get_kind(), words))
        plural = pluralize(words)
        if self.target == "city":
            city = self.city_id._to_city()
            return Addition(city=City(city.name, (*city.synonyms, words), city.country), words=(words,))
        if self.target == "new":
            name = self.new_name.strip()
            gender = "f" if is_feminine(name) else "m"
            interest = Interest(name, (words,) if words != name else (), pluralize(name), gender)
            return Addition(interest=interest, words=(name, pluralize(name), words, plural))
        interest = self.interest_id._to_interest()
        gender = "f" if is_feminine(words, interest.gender == "f") else "m"
        forms = (*interest.forms, (words, plural, gender))
        interest = replace(interest, synonyms=(*interest.synonyms, words), forms=forms)
        return Addition(interest=interest, words=(words, plural))

    # What it would change

    def _prove(self):
        """What would change in the last messages, as JSON for the screen.

        ``read`` of ``wanted`` messages were read again: ``same`` of them stay as they are, the others change, and as
        far as a person has said what was right, to the ``better`` or to the ``worse``. Those of customers whose
        messages the user may not read are ``hidden``, and only counted; of the others, ``changes`` tells who, when,
        in which words, and what was understood before and after.
        """
        rereading = self.env["whatsapp.classification"]._reread(self._make_addition(), self._get_line())
        shown, hidden, counts, is_read_otherwise = [], 0, dict.fromkeys(_VERDICTS, 0), False
        for change in rereading.changes:
            counts[change.verdict] += len(change.lines)
            is_this = self.message_id.id in change.lines.ids
            is_read_otherwise |= is_this
            lines = change.lines.with_env(self.env)
            if lines._filtered_access("read") == lines and lines.conversation_id.has_access("read"):
                shown.append((not is_this, _VERDICTS.index(change.verdict), -lines[-1].id, change))
            else:
                hidden += len(change.lines)
        shown.sort(key=lambda each: each[:3])
        return {
            "read": rereading.read,
            "wanted": rereading.wanted,
            "same": rereading.read - sum(counts.values()),
            **counts,
            "hidden": hidden,
            "more": len(shown[_MOST_SHOWN:]),
            "reads_this": is_read_otherwise,
            "changes": [self._describe_change(change) for *_order, change in shown[:_MOST_SHOWN]],
        }

    def _describe_change(self, change):
        lines = change.lines.with_env(self.env)
        conversation = lines.conversation_id
        words = "\n".join(filter(None, (line._get_words() for line in lines)))
        labels = {
            **self.env["whatsapp.classification"]._subject_names(),
            "opt_out": self.env._("messages"),
            "closing": self.env._("decision"),
            "quality": self.env._("quality"),
            "action": self.env._("what comes next"),
        }
        return {
            "id": lines[-1].id,
            "conversation": conversation.id,
            "who": conversation.display_name,
            "at": fields.Datetime.to_string(lines[-1].create_date),
            "words": words[:_LONGEST_SHOWN],
            "verdict": change.verdict,
            "this": self.message_id.id in lines.ids,
            "values": [
                {
                    "what": labels[name],
                    "before": self._describe_value(conversation, name, change.before[name]),
                    "after": self._describe_value(conversation, name, change.after[name]),
                }
                for name in change.before
            ],
        }

    def _describe_value(self, conversation, name, value):
        """A value in words; empty for none."""
        if value is None or value == ():
            return ""
        if name == "opt_out":
            return {
                CERTAIN: self.env._("wants none"),
                LIKELY: self.env._("is asked whether they want any"),
            }[value]
        options = {"closing": ("closing_reason", conversation), "quality": ("quality", conversation)}
        options["action"] = ("action", self.env["whatsapp.classification"])
        if name in options:
            field, records = options[name]
            return dict(records._fields[field]._description_selection(self.env)).get(value, value)
        return conversation.assistant_id._describe_slot(name, value)

    # What is done

    def _teach(self):
        words = self._get_words()
        if self.lesson != "word":
            phrases = self.env["whatsapp.phrase"]
            values = {"name": words, "kind": self._get_kind(), "active": True}
            if archived := phrases.with_context(active_test=False).search([("name", "=", words)], limit=1):
                archived.write(values)
            else:
                phrases.create(values)
        elif self.target == "new":
            name = self.new_name.strip()
            synonyms = words if words != name else False
            self.interest_id = self.env["whatsapp.interest"].create({"name": name, "synonyms": synonyms})
        else:
            owner = "interest_id" if self.target == "interest" else "city_id"
            self.env["whatsapp.synonym"].create({"name": words, owner: self[owner].id})

    def _act(self):
        """For this customer it counts as if it had been understood, as a person's statement."""
        conversation, line = self.message_id.conversation_id, self._get_line()
        if self.lesson == "opt_out":
            conversation.check_access("write")
            conversation.contact_id._checked_sudo("write")._opt_out_by_words(line)
        elif self.lesson == "closing":
            conversation._checked_sudo("write")._close_by_person(self.closing_reason, line)
            lead = conversation.lead_id
            if REASONS[self.closing_reason] == LOST and lead.has_access("write") and lead.active:
                # A person says so: it is lost, and no proposal any more.
                lead.action_confirm_whatsapp_loss()
        elif self.target == "city":
            conversation.city = self.city_id.name
        else:
            conversation.interest_ids |= self.interest_id
