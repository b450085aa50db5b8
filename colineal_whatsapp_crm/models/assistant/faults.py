from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...lib.languages import with_language_of
from ...understanding.vocabulary import find_fault

#: Lists of phrases, one a line; and texts with the most characters they may have.
_LISTS = ("support_keywords", "store_domains", "opt_out_words", "opt_in_words")

_TEXTS = {"opening_hours": 200, "address": 200, "knowledge": 8000}

_ACTIVITY = "colineal_whatsapp_crm.mail_activity_type_broken_setting"

#: An activity names so many of them.
_MOST_NAMED = 20


class WhatsappAssistant(models.Model):
    """What of an assistant's own texts, words and lists cannot be used, and who learns of it.

    What is entered is checked. What was there before, or comes by SQL, may still be broken: then a turn goes on without
    it, or with what is shipped, and an administrator is told.
    """

    _inherit = "whatsapp.assistant"

    fault_text = fields.Text(compute="_compute_fault_text")

    @api.depends("wording_ids.text", *_LISTS, *_TEXTS)
    @api.depends_context("lang")
    def _compute_fault_text(self):
        for assistant in self:
            assistant.fault_text = "\n".join(assistant._explain_faults()) if assistant._origin else False

    @api.constrains(*_LISTS, *_TEXTS)
    def _check_phrases_and_texts(self):
        for assistant in self:
            if fault := next(assistant._explain_own_faults(), ""):
                raise ValidationError(fault)

    @api.model
    def _explain_phrases(self, fault, what, most_words):
        """What `vocabulary.find_fault` found, in words; empty when it found nothing."""
        return {
            "": "",
            "many": self.env._("A list may have at most %s entries.", what),
            "long": self.env._("“%s” is too long to be what customers write.", what),
            "words": self.env._("“%(phrase)s” has more than %(most)s words.", phrase=what, most=most_words),
        }[fault]

    def _explain_own_faults(self):
        """What is wrong with the assistant's own lists and texts, in words, one after the other."""
        self.ensure_one()
        label = self.env["ir.model.fields"]._get
        for name in _LISTS:
            fault = self._explain_phrases(*find_fault((self[name] or "").splitlines()), 0)
            if fault:
                yield f"{label(self._name, name).field_description}: {fault}"
        yield from self._explain_long_texts(_TEXTS)

    @tools.ormcache("self.id")
    def _get_broken(self):
        """The wordings, interests and cities that cannot be used as they are, as (model, id), and whether a list is."""
        self.ensure_one()
        assistant = self.sudo()
        records = [
            *assistant.wording_ids,
            *assistant.env["whatsapp.interest"].search([]),
            *assistant.env["whatsapp.city"].search([]),
        ]
        broken = tuple((record._name, record.id) for record in records if not record._is_sound())
        return broken, any(assistant._explain_own_faults())

    def _is_broken(self):
        return self._get_broken() != ((), False)

    def _explain_faults(self):
        """All that cannot be used, in words."""
        self.ensure_one()
        broken, is_own = self._get_broken()
        faults = list(self._explain_own_faults()) if is_own else []
        for model, record_id in broken:
            record = self.env[model].browse(record_id)
            faults.append(record._explain_fault() or self.env._("A name that cannot be read."))
        return faults

    def _report_faults(self, *others):
        """Tell an administrator, once, of what cannot be used; others: what else is wrong, in words."""
        if not (others or self._is_broken()):
            return
        assistant = self.sudo()
        kind = self._get_fault_kind()
        if not assistant.activity_ids.filtered(lambda activity: activity.activity_type_id == kind):
            user = self._get_administrator() or self.env.user
            assistant = with_language_of(assistant, user)
            lines = [*others, *assistant._explain_faults()]
            assistant.activity_schedule(
                activity_type_id=kind.id,
                summary=assistant.env._("Some of the assistant's texts or words cannot be used"),
                note=tools.plaintext2html(
                    "\n".join(
                        [
                            assistant.env._("Until they are fixed, those that came with it are used."),
                            *lines[:_MOST_NAMED],
                        ]
                    )
                ),
                user_id=user.id,
            )

    @api.model
    def _get_fault_kind(self):
        # Who deletes ours is told all the same.
        return self.env.ref(_ACTIVITY, raise_if_not_found=False) or self.env.ref("mail.mail_activity_data_todo")

    @api.model
    def _close_fault_activities(self):
        """Take back what an administrator was told of that is mended."""
        kind = self.env.ref(_ACTIVITY, raise_if_not_found=False)
        if not kind:
            return
        told = self.env["mail.activity"].sudo().search([("activity_type_id", "=", kind.id)])
        for activity in told:
            assistant = self.sudo().browse(activity.res_id).exists()
            if assistant and not assistant._is_broken():
                reader = with_language_of(activity, activity.user_id)
                activity.action_feedback(feedback=reader.env._("All texts and words can be used again."))
