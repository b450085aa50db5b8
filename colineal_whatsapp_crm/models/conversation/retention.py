from odoo import api, models

_BATCH = 50


class WhatsappConversation(models.Model):
    """Takes out of old conversations what the assistant's settings do not let stay."""

    _inherit = "whatsapp.conversation"

    @api.model
    def _cron_erase_old(self):
        tasks = []
        for assistant in self.env["whatsapp.assistant"].with_context(active_test=False).search([]):
            for name, marker, erase in (
                ("files_days", "files_erased_at", type(self)._erase_files),
                ("words_days", "words_erased_at", type(self)._erase_words),
                ("analysis_days", "analysis_erased_at", type(self)._erase_analysis),
            ):
                if days := assistant._get_bounded(name):
                    tasks.append((assistant._get_old_domain(days, marker), erase))
        # A batch of each in turn: who has much to erase keeps nobody else's waiting.
        while tasks:
            domain, erase = tasks.pop(0)
            batch, time = self._erase_batch(domain, erase)
            if batch:
                tasks.append((domain, erase))
            if not time:
                # The job is run again for the rest.
                remaining = sum(self.search_count(domain) for domain, _erase in tasks)
                self.env["ir.cron"]._commit_progress(remaining=remaining)
                return
        self._erase_strangers()

    def _erase_batch(self, domain, erase):
        """Erase from some conversations of a domain. Returns these, and the seconds that are left for more."""
        failures, cron = self.env["whatsapp.job.failure"], self.env["ir.cron"]
        put_off = [("id", "not in", failures._get_put_off("erase", self._name))]
        batch = self.search([*domain, *put_off], order="id", limit=_BATCH)
        try:
            batch._erase_by(erase)
            return batch, cron._commit_progress(len(batch))
        except Exception:
            self.env.cr.rollback()
        # One by one, so that one that fails keeps no other from its turn.
        return batch, failures._run_each("erase", batch, lambda conversation: conversation._erase_by(erase))

    def _erase_by(self, erase):
        self._end()
        erase(self)

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
            if not self.env["whatsapp.job.failure"]._run_each("erase", batch, type(batch)._erase):
                return
