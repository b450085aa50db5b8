# What failed is committed by itself: the job goes on with the next record.
# pylint: disable=invalid-commit
import logging
from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..gateway.failure_text import FailureText, explain
from ..lib import errors, transactions
from ..lib.clock import utcnow
from ..lib.guard import guarded_commit
from ..lib.languages import with_language_of

_logger = logging.getLogger(__name__)

#: What may fail: the steps of the worker, the other jobs, and the parts of a turn that others' code may break.
JOBS = [
    ("route", "Sort messages into conversations"),
    ("attribute", "Note the advertisement that a customer came from"),
    ("fetch", "Fetch files"),
    ("turn", "Read messages"),
    ("action", "Run an action of the assistant"),
    ("reply", "Answer"),
    ("lead", "Make the lead"),
    ("hand_over", "Call a person"),
    ("activity", "Plan an activity"),
    ("ticket", "Open a ticket"),
    ("thread", "Write in the thread"),
    ("screens", "Show changes on open screens"),
    ("draft", "Have replies worded"),
    ("send", "Send messages"),
    ("settle", "Find out whether messages were sent"),
    ("look_after", "Pass on and give back conversations"),
    ("follow_up", "Follow up customers who do not answer"),
    ("gaps", "Find missed messages"),
    ("templates", "Fetch templates"),
    ("mailing", "Send mailings"),
    ("prices", "Ask Twilio what messages cost"),
    ("erase", "Erase what is kept no longer"),
    ("erase_at_twilio", "Delete messages at Twilio"),
    ("webhook", "Tell other programs"),
]

#: Minutes before each further try of what failed; then a person must look.
RETRY_MINUTES = (1, 5, 15, 60, 360, 1440)
#: What must go on whatever happens is tried at least so often, and somebody is told after so many failures in a row.
ALERT_AFTER = 5
#: What has not failed again for so long is forgotten.
_KEPT_DAYS = 7


class WhatsappJobFailure(models.Model):
    """Something that a job could not do: how often, when it is tried again, and why in words.

    One row for a job and record, as long as it fails. What was given up stays until somebody has it tried again, and
    an administrator is told of it.
    """

    _name = "whatsapp.job.failure"
    _description = "WhatsApp: What Failed"
    _inherit = ["whatsapp.access.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "failed_at desc, id desc"
    _rec_name = "job"
    # Who may only read it is told of it, and says what became of it.
    _mail_post_access = "read"

    job = fields.Selection(JOBS, required=True, readonly=True)
    res_model = fields.Char(string="Of Model", readonly=True)
    res_id = fields.Many2oneReference(string="Of Record", model_field="res_model", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    failures = fields.Integer(readonly=True, help="How often in a row.")
    failed_at = fields.Datetime(string="Last Failed On", readonly=True)
    retry_at = fields.Datetime(string="Next Try", readonly=True, help="Empty: given up, until somebody tries it again.")
    error = FailureText(readonly=True)

    _job_index = models.UniqueIndex(
        "(job, COALESCE(res_model, ''), COALESCE(res_id, 0))", "This failure is known already."
    )

    @api.depends("job")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row._get_label(row.job) if row.job else False

    @api.model
    def _run_each(self, job, records, step):
        """`step(record)` for each record, in a transaction of its own; what fails keeps no other from its turn.

        job
            one of `JOBS`.
        step
            a function of a record. What others' code may break in it is left out rather than fail it: see
            `guard`.

        Records whose next try is not due yet, or that were given up, are left out. Returns whether there was time for
        all: a job that is run by Odoo's scheduler ends before its limits.
        """
        failed = {row.res_id: row for row in self.sudo().search([("job", "=", job), ("res_model", "=", records._name)])}
        now = utcnow()
        for place, record in enumerate(records, 1):
            row = failed.get(record.id)
            if row and (not row.retry_at or row.retry_at > now):
                continue
            try:
                guarded_commit(self.env, lambda context, record=record: step(record.with_context(**context)))
                if row:
                    transactions.commit(self.env, row.unlink)
            except Exception as error:
                self.env.cr.rollback()
                self._record(job, error, record)
            if not self.env["ir.cron"]._commit_progress(1):
                # The job is run again for the rest.
                self.env["ir.cron"]._commit_progress(remaining=len(records) - place)
                return place == len(records)
        return True

    @api.model
    def _get_put_off(self, job, model):
        """The ids of the records whose next try is not due yet, or that were given up."""
        waiting = ["|", ("retry_at", "=", False), ("retry_at", ">", utcnow())]
        return self.sudo().search([("job", "=", job), ("res_model", "=", model), *waiting]).mapped("res_id")

    @api.model
    def _record(self, job, error, record=None, known=(), lasting=False):
        """Count a failure, and log it. Commits, and never fails itself.

        lasting
            it must go on whatever happens: it is never given up, and an administrator is told after some failures.
        known
            what must not be told of a customer; by default what the record knows of one.
        """
        known = known or (record and hasattr(record, "_get_known_words") and record._get_known_words()) or ()
        errors.log(_logger, error, "%s: %s failed", record or "WhatsApp", job, known=known)
        try:
            transactions.commit(self.env, self._count, job, error, record, known, lasting)
        except Exception as another:
            self.env.cr.rollback()
            errors.log(_logger, another, "That %s failed could not be written", job)

    @api.model
    def _count(self, job, error, record, known, lasting):
        # Without notes on its own changes, which may be just what fails.
        self = self.sudo().with_context(tracking_disable=True)
        row = self._find(job, record)
        if not row:
            company = "company_id" in record._fields and record.exists().company_id if record else None
            about = {"res_model": record._name, "res_id": record.id} if record else {}
            row = self.create({"job": job, **about, "company_id": company and company.id})
        failures = row.failures + 1
        minutes = dict(enumerate(RETRY_MINUTES)).get(row.failures, RETRY_MINUTES[0] if lasting else None)
        retry_at = minutes and utcnow() + timedelta(minutes=minutes)
        row.write(
            {
                "failures": failures,
                "failed_at": utcnow(),
                "retry_at": retry_at,
                "error": errors.describe(error, known),
            }
        )
        if not retry_at or failures == ALERT_AFTER:
            try:
                with self.env.cr.savepoint():
                    row._alert()
            except Exception as another:
                errors.log(_logger, another, "Nobody could be told of %s", row)

    def _alert(self):
        """Tell an administrator once."""
        if self.activity_ids:
            return
        managers = self.env.ref("sales_team.group_sale_manager").sudo().all_user_ids
        managers = managers.filtered(
            lambda user: user.active and not user.share and (not self.company_id or self.company_id in user.company_ids)
        )
        if user := managers.sorted("id")[:1]:
            row = with_language_of(self, user)
            row.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=row.env._("WhatsApp: something fails again and again"),
                # An error may quote markup, and a note is HTML.
                note=Markup("<p>%s: %s</p>") % (row._get_label(row.job), explain(row.env, row.error)),
                user_id=user.id,
            )

    @api.model
    def _get_label(self, job):
        return dict(self._fields["job"]._description_selection(self.env))[job]

    @api.model
    def _forget(self, job, record=None):
        """What failed works again."""
        self.sudo()._find(job, record).unlink()

    def _find(self, job, record):
        model, record_id = (record._name, record.id) if record else (False, False)
        return self.search([("job", "=", job), ("res_model", "=", model), ("res_id", "=", record_id)], limit=1)

    def action_retry(self):
        """Have it tried again at the next run of its job."""
        rows = self._checked_sudo("read")
        for row in rows:
            row.write({"retry_at": utcnow(), "failures": 0})
            record = row._get_record()
            if record and hasattr(record, "_try_again"):
                record._try_again(row.job)
        rows.activity_ids.action_feedback()

    def action_open_record(self):
        """What it is about, as far as the reader may see it."""
        self.ensure_one()
        record = self._get_record()
        if not record:
            raise UserError(self.env._("It is about no record, or about one that is gone."))
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def _get_record(self):
        self.ensure_one()
        return self.res_model in self.env and self.res_id and self.env[self.res_model].browse(self.res_id).exists()

    @api.autovacuum
    def _gc_failures(self):
        """What has not failed again for long, or is about a record that is gone, is no failure any more."""
        old = self.search([("retry_at", "<", utcnow() - timedelta(days=_KEPT_DAYS))])
        gone = self.search([("res_model", "!=", False)]).filtered(lambda row: not row._get_record())
        (old | gone).unlink()
