# What is erased is committed batch by batch: a job that ends early goes on from there.
# pylint: disable=invalid-commit
import logging
from datetime import timedelta

from odoo import api, fields, models

from ..clock import utcnow

_logger = logging.getLogger(__name__)

_BATCH = 50


class WhatsappAssistant(models.Model):
    """How long customers' data are kept."""

    _inherit = "whatsapp.assistant"
    _writable_fields = {"sales_team.group_sale_manager": {"files_days", "words_days", "analysis_days"}}

    files_days = fields.Integer(
        string="Keep Files (days)", default=180, help="Photos, voice notes and documents, theirs and ours. 0: for ever."
    )
    words_days = fields.Integer(
        string="Keep Messages (days)",
        default=365,
        help="What was written, and the thread in Discuss; files go at the latest with it. 0: for ever.",
    )
    analysis_days = fields.Integer(
        string="Keep Analyses (days)",
        default=730,
        help="Names, e-mail addresses and quotes in what was understood. Products, quality, times and figures stay. "
        "0: for ever.",
    )

    _retention_positive = models.Constraint(
        "CHECK(files_days >= 0 AND words_days >= 0 AND analysis_days >= 0)", "Data cannot be kept for negative days."
    )

    def _get_old_domain(self, days, marker):
        """Conversations that are over, and whose time is."""
        silent_since = utcnow() - timedelta(days=max(days, self.ttl_days))
        return [
            ("sender_id.assistant_id", "=", self.id),
            (marker, "=", False),
            ("last_message_at", "<", silent_since),
        ]


class WhatsappConversation(models.Model):
    """Takes out of old conversations what the assistant's settings do not let stay."""

    _inherit = "whatsapp.conversation"

    @api.model
    def _cron_erase_old(self):
        for assistant in self.env["whatsapp.assistant"].with_context(active_test=False).search([]):
            for days, marker, erase in (
                (assistant.files_days, "files_erased_at", type(self)._erase_files),
                (assistant.words_days, "words_erased_at", type(self)._erase_words),
                (assistant.analysis_days, "analysis_erased_at", type(self)._erase_analysis),
            ):
                if days and not self._erase_all(assistant._get_old_domain(days, marker), erase):
                    return
        self._erase_strangers()

    def _erase_all(self, domain, erase):
        """Erase from all conversations of a domain, in batches. Returns whether there was time for all."""
        cron, failed, size = self.env["ir.cron"], [], _BATCH
        while conversations := self.search([*domain, ("id", "not in", failed)], order="id", limit=size):
            try:
                conversations._end()
                erase(conversations)
                time = cron._commit_progress(len(conversations))
            except Exception:
                self.env.cr.rollback()
                if size == 1:
                    _logger.exception("%s could not be erased", conversations)
                    failed += conversations.ids
                # One by one until the one that fails is found.
                size = 1 if size > 1 else _BATCH
                continue
            if not time:
                # The job is run again for the rest.
                cron._commit_progress(remaining=self.search_count(domain))
                return False
        return True

    @api.model
    def _erase_strangers(self):
        """Who has nothing left to be known by, neither words nor a lead nor an entry in the address book, is erased."""
        contacts = self.env["whatsapp.contact"].search(
            [
                ("erased_at", "=", False),
                ("partner_id", "=", False),
                ("conversation_ids", "!=", False),
                (
                    "conversation_ids",
                    "not any",
                    [
                        "|",
                        "|",
                        ("words_erased_at", "=", False),
                        ("analysis_erased_at", "=", False),
                        ("lead_id", "!=", False),
                    ],
                ),
            ]
        )
        for start in range(0, len(contacts), _BATCH):
            batch = contacts[start : start + _BATCH]
            batch._erase()
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                return
