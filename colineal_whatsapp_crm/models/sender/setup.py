from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.modules.db import FunctionStatus
from odoo.tools import config, format_datetime

from ...gateway import delivery, senders
from ...gateway.address import is_web_address
from ...gateway.failure_text import FailureText, explain
from ...jobs.job_failure import ALERT_AFTER
from ...lib.clock import utcnow
from ...lib.routes import STATUS_PATH
from ...lib.settings import get_setting
from ...understanding.llm.gemini import KEY_VARIABLE
from ...understanding.providers import RULES

#: The job behind everything runs at least once a minute; a server that is busy or being restarted gets some more.
JOB_IS_LATE = timedelta(minutes=10)

#: What was shown to work says nothing of a sender with another of these.
_PROVEN_FOR = {"number", "account_sid", "auth_token", "public_url"}

_PROOFS = ("signature_seen_at", "tested_at", "test_error", "account_name", "connected_at", "connect_error")

_BUS_TYPE = "whatsapp.sender/changed"

#: Adds the function that Odoo's searches use to a database; what it does stands in it.
UNACCENT_SCRIPT = "colineal_whatsapp_crm/data/unaccent.sql"


class WhatsappSender(models.Model):
    """Setting a sender up: what is done, what is not, and what to do about it."""

    _inherit = "whatsapp.sender"

    _not_compiled = frozenset((*_PROOFS, "gaps_searched_at", "search_error", "search_error_at"))

    signature_seen_at = fields.Datetime(
        string="Genuine Message Seen",
        readonly=True,
        copy=False,
        help="When Twilio's first signed message was taken in.",
    )
    tested_at = fields.Datetime(string="Credentials Tested", readonly=True, copy=False)
    test_error = FailureText(readonly=True, copy=False)
    account_name = fields.Char(string="Twilio Account", readonly=True, copy=False)
    connected_at = fields.Datetime(readonly=True, copy=False, help="When the webhook was last written to Twilio.")
    connect_error = FailureText(readonly=True, copy=False)
    setup_checks = fields.Json(string="Set-up", compute="_compute_setup", compute_sudo=True)
    setup_state = fields.Selection(
        [("ready", "Ready"), ("todo", "To finish"), ("problem", "Problem")],
        string="Set-up State",
        compute="_compute_setup",
        compute_sudo=True,
    )

    @api.depends("account_sid", "auth_token", "public_url", "number", "assistant_id", "search_error", *_PROOFS)
    @api.depends_context("lang", "tz", "uid")
    def _compute_setup(self):
        for sender in self:
            checks = sender._get_checks()
            states = {check["state"] for check in checks}
            sender.setup_checks = checks
            sender.setup_state = "problem" if "problem" in states else "todo" if "todo" in states else "ready"

    def _forget_proofs(self, vals):
        """After a change to what was proven, nothing is; what the same change says of it stays."""
        if _PROVEN_FOR & vals.keys() and (unproven := dict.fromkeys(set(_PROOFS) - vals.keys(), False)):
            self.sudo().write(unproven)

    # The check list

    def _get_checks(self):
        """The lines of the check list, in the order in which one sets a sender up.

        Dicts: ``key``, ``state`` (done, todo, problem, optional), ``title``, ``text`` (how it is, or what to do),
        and where one can act, ``action`` (a method of the sender) with its ``label``, ``copy`` (what to copy).
        """
        self.ensure_one()
        return [
            {"key": key, "title": title, **check}
            for key, title, check in (
                ("jobs", self.env._("Odoo reads and answers by itself"), self._check_jobs()),
                ("assistant", self.env._("The assistant can read messages"), self._check_assistant()),
                ("credentials", self.env._("Twilio takes the credentials"), self._check_credentials()),
                ("address", self.env._("Twilio can reach this Odoo"), self._check_address()),
                ("webhook", self.env._("Twilio knows where to post messages"), self._check_webhook()),
                ("signature", self.env._("A genuine message has arrived"), self._check_signature()),
                ("missed", self.env._("Messages that were missed are looked for"), self._check_missed()),
                ("team", self.env._("New leads have a sales team"), self._check_team()),
                ("timezone", self.env._("The shop's time zone is known"), self._check_timezone()),
                ("accents", self.env._("Searches find words without their accents"), self._check_accents()),
                ("redis", self.env._("Redis remembers recent messages"), self._check_redis()),
            )
        ]

    def _check_jobs(self):
        worker = self.env.ref("colineal_whatsapp_crm.ir_cron_worker", raise_if_not_found=False)
        if not config["max_cron_threads"]:
            return _problem(
                self.env._(
                    "Odoo runs without scheduled-job workers, so nothing is read or sent. Set max_cron_threads = 2 in "
                    "its configuration file and restart it."
                )
            )
        if not worker or not worker.active:
            return _problem(
                self.env._(
                    "The scheduled action that reads messages and sends replies is switched off. Switch it on under "
                    "Settings > Technical > Scheduled Actions."
                )
            )
        if not worker.lastcall:
            return _todo(self.env._("The scheduled action has not run yet; it should within a minute."))
        at = format_datetime(self.env, worker.lastcall)
        mine = [("company_id", "in", [self.company_id.id, False])]
        if failing := self.env["whatsapp.job.failure"].search([*mine, ("failures", ">=", ALERT_AFTER)]):
            return _problem(
                self.env._("Fails again and again: %s", ", ".join(sorted(set(failing.mapped("display_name"))))),
                action="action_view_failures",
                label=self.env._("Show"),
            )
        if worker.lastcall < utcnow() - JOB_IS_LATE:
            return _problem(self.env._("The scheduled action last ran on %s. Is Odoo running with job workers?", at))
        return _done(self.env._("It last looked for work on %s.", at))

    def _check_assistant(self):
        assistant = self.assistant_id
        edit = {"action": "action_open_assistant", "label": self.env._("Open the assistant")}
        if assistant._is_broken():
            faults = " ".join(assistant._explain_faults()[:3])
            return _problem(
                self.env._(
                    "%(name)s cannot use some of its texts or words: %(faults)s", name=assistant.name, faults=faults
                ),
                **edit,
            )
        if assistant.provider == RULES:
            return _done(self.env._("%s reads with its rules, which need no network.", assistant.name))
        last = assistant.call_ids.search([("assistant_id", "=", assistant.id)], limit=1)
        if not (get_setting(KEY_VARIABLE) or assistant.api_key):
            return _problem(
                self.env._("%s has no API key: the rules read in the model's place.", assistant.name), **edit
            )
        if last.failure:
            return _problem(assistant._explain_failure(last.failure), **edit)
        if not last:
            return _todo(
                self.env._("The model %s was not asked yet: test the connection there.", assistant.model_name), **edit
            )
        return _done(self.env._("The model %s answers.", assistant.model_name))

    def _check_credentials(self):
        test = {"action": "action_test_connection", "label": self.env._("Test")}
        sees_token = self.env.user.has_group("base.group_system")
        if not self.account_sid and not sees_token:
            return _todo(
                self.env._(
                    "Enter the account SID above; Twilio's console shows it on its first page. The auth token is for a "
                    "system administrator to enter, here or in Odoo's configuration. Until then the sender is in "
                    "simulation."
                )
            )
        if not self.account_sid:
            return _todo(
                self.env._(
                    "Enter the account SID and the primary auth token above; Twilio's console shows both on its first "
                    "page. Until then the sender is in simulation."
                )
            )
        if self.mode == "simulation" and not sees_token:
            return _problem(
                self.env._(
                    "The account SID is set but no auth token is known: Twilio's calls are refused. Ask a system "
                    "administrator to enter it, here or in Odoo's configuration."
                )
            )
        if self.mode == "simulation":
            return _problem(
                self.env._(
                    "The account SID is set but no auth token is known: Twilio's calls are refused. Enter it above."
                )
            )
        if self.test_error:
            return _problem(explain(self.env, self.test_error), **test)
        if self.mode != "live":
            return _todo(self.env._("Ask Twilio whether they are right."), **test)
        if not self.account_name:
            return _done(self.env._("Twilio has shown that it does."), **test)
        at = format_datetime(self.env, self.tested_at)
        return _done(self.env._("The account is “%(account)s” (tested on %(at)s).", account=self.account_name, at=at))

    def _check_address(self):
        url = self._get_public_url()
        if _is_public(url):
            if self.mode != "simulation" and self.signature_seen_at:
                return _done(url)
            return _todo(
                self.env._("Shown by the first message that Twilio signs for this address. It will call %s", url)
            )
        text = self.env._(
            "%s cannot be called from the internet over https. Enter the address under which Twilio reaches this Odoo "
            "as Public Address above.",
            url,
        )
        return _todo(text) if self.mode == "simulation" else _problem(text)

    def _check_webhook(self):
        connect = {"action": "action_connect", "label": self.env._("Connect"), "copy": self.webhook_setting}
        if self.connect_error:
            return _problem(explain(self.env, self.connect_error), **connect)
        if self.connected_at:
            at = format_datetime(self.env, self.connected_at)
            return _done(self.env._("Written to Twilio on %s.", at), copy=self.webhook_setting)
        if self.signature_seen_at:
            return _done(self.env._("Messages arrive."), copy=self.webhook_setting)
        if self.mode != "simulation":
            text = self.env._(
                "“Connect” writes it to Twilio. Or set it there by hand as “When a message comes in”, method POST, and "
                "the same without the part behind # as fallback; that part asks Twilio to try again when Odoo cannot "
                "take a message."
            )
            return _todo(text, **connect)
        return _todo(self.env._("Once the credentials are known, “Connect” writes it to Twilio."), copy=connect["copy"])

    def _check_signature(self):
        if self.last_refusal_at and self.last_refusal_at > (
            self.last_webhook_at or self.last_refusal_at - timedelta(1)
        ):
            at = format_datetime(self.env, self.last_refusal_at)
            return _problem(
                self.env._("Refused on %(at)s: %(reason)s", at=at, reason=explain(self.env, self.last_refusal))
            )
        if self.signature_seen_at:
            at = format_datetime(self.env, self.signature_seen_at)
            return _done(self.env._("The first came on %s, with a signature that is right.", at))
        if self.mode != "simulation":
            return _todo(self.env._("Write to %s on WhatsApp from your own phone.", self.number))
        return _todo(self.env._("Comes last: write to the number on WhatsApp from your own phone."))

    def _check_missed(self):
        find = {"action": "action_find_gaps", "label": self.env._("Find Missed Messages")}
        if self.search_error:
            at = format_datetime(self.env, self.search_error_at)
            reason = explain(self.env, self.search_error)
            text = self.env._("The search at Twilio failed on %(at)s: %(reason)s", at=at, reason=reason)
            return _problem(text, **find)
        if self.mode == "simulation":
            return {"state": "optional", "text": self.env._("Once the sender is live, a daily job does so.")}
        if not self.gaps_searched_at:
            return {"state": "optional", "text": self.env._("A daily job will; it has not run yet."), **find}
        at = format_datetime(self.env, self.gaps_searched_at)
        return _done(self.env._("Odoo has every message that Twilio had on %s.", at))

    def _check_team(self):
        """Who is rung for a hot lead: without any team with members, whoever administers sales."""
        team = self.team_id.sudo()
        team = team or team._find_for_whatsapp(self.company_id, exclude=self.assistant_id.support_team_id)
        if team._get_takers_for_whatsapp():
            return _done(self.env._("%s: who is at work there is rung for a hot lead.", team.name))
        if team:
            return _todo(
                self.env._(
                    "%s has no member who takes leads: a hot lead rings its leader. Add members, and how many leads each "
                    "may have.",
                    team.name,
                )
            )
        return _todo(
            self.env._(
                "Choose one above: until then a hot lead rings a sales administrator, and nobody else is asked in turn."
            )
        )

    def _check_timezone(self):
        calendar, company = self.assistant_id.resource_calendar_id, self.company_id
        known = company.whatsapp_timezone
        edit = {"action": "action_open_company", "label": self.env._("Open the company")}
        if not known:
            if calendar:
                return _done(calendar.tz)
            return _todo(
                self.env._(
                    "Enter the time zone or the country of %(company)s: reports and deadlines go by it, and by %(zone)s "
                    "until then.",
                    company=company.name,
                    zone=company._get_whatsapp_timezone(),
                ),
                **edit,
            )
        if calendar and calendar.tz != known:
            return _todo(
                self.env._(
                    "The working hours “%(calendar)s” are told in %(calendar_zone)s, and %(company)s is in "
                    "%(company_zone)s. Correct what is wrong.",
                    calendar=calendar.name,
                    calendar_zone=calendar.tz,
                    company=company.name,
                    company_zone=known,
                ),
                **edit,
            )
        return _done(known)

    def _check_accents(self):
        """Our own screens do not need it; the others of Odoo, such as contacts and leads, do."""
        status = self.env.registry.has_unaccent
        if status == FunctionStatus.INDEXABLE:
            return _done(self.env._("All of Odoo finds “veronica” where it says Verónica."))
        copy = f"psql --dbname {self.env.cr.dbname} --file {UNACCENT_SCRIPT}"
        if status:
            text = self.env._(
                "PostgreSQL's unaccent is there, but searches by it take long: no index may use it. Have an administrator "
                "of the server run this, and restart Odoo:"
            )
            return _todo(text, copy=copy)
        text = self.env._(
            "WhatsApp's own screens find “veronica” where it says Verónica; contacts, leads and the rest of Odoo do not. "
            "Have an administrator of the server run this, and restart Odoo:"
        )
        return {"state": "optional", "text": text, "copy": copy}

    def _check_redis(self):
        if self.redis_status == "up":
            return _done(self.env._("It answers."))
        if self.redis_status == "down":
            return _problem(self.env._("It is configured but does not answer. Everything works, a little slower."))
        return {
            "state": "optional",
            "text": self.env._("Not configured. Everything works without it; REDIS_URL names one."),
        }

    # Actions

    def action_view_failures(self):
        return self.env["ir.actions.act_window"]._for_xml_id("colineal_whatsapp_crm.whatsapp_job_failure_action")

    def action_open_assistant(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "whatsapp.assistant",
            "res_id": self.assistant_id.id,
            "views": [(False, "form")],
        }

    def action_open_company(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.company",
            "res_id": self.company_id.id,
            "views": [(False, "form")],
        }

    def action_test_connection(self):
        """Ask Twilio whether it takes the credentials, and say what it answers."""
        self.ensure_one()
        sender = self._checked_sudo("write")
        credentials = sender._get_credentials()
        if not credentials:
            return self._notify(self.env._("There are no Twilio credentials yet: the sender is in simulation."), "info")
        try:
            account = delivery.test_account(credentials)
        except delivery.DeliveryError as error:
            sender.write({"tested_at": utcnow(), "test_error": str(error)})
            return self._notify(explain(self.env, str(error)), "danger")
        sender.write({"tested_at": utcnow(), "test_error": False, "account_name": account})
        return self._notify(self.env._("Twilio answers: the account is “%s”.", account), "success")

    def action_connect(self):
        """Write webhook, fallback and status URL to this number at Twilio, and say in words what went wrong."""
        self.ensure_one()
        sender = self._checked_sudo("write")
        problem = sender._connect()
        sender.write({"connect_error": problem, "connected_at": not problem and utcnow()})
        if problem:
            return self._notify(explain(self.env, problem), "danger")
        return self._notify(self.env._("Twilio posts to this Odoo now. Write to the number to see it work."), "success")

    def _connect(self):
        """Returns what went wrong, or False."""
        credentials = self._get_credentials()
        if not credentials:
            return self.env._("There are no Twilio credentials yet: the sender is in simulation.")
        if not _is_public(self._get_public_url()):
            return self.env._(
                "Twilio only calls public https addresses, and %s is none. Set the public address first.",
                self._get_public_url(),
            )
        try:
            sender = senders.find_sender(credentials, self.number)
            if not sender:
                return self.env._(
                    "This Twilio account has no WhatsApp sender %s. Register the number there first, or check the "
                    "account SID. (Twilio's sandbox number is set up by hand, in its console.)",
                    self.number,
                )
            status_url = self._get_public_url() + STATUS_PATH
            sender = senders.set_webhooks(credentials, sender.sid, self.webhook_setting, self.webhook_url, status_url)
        except delivery.DeliveryError as error:
            return str(error)
        if sender.webhook != self.webhook_setting:
            return self.env._("Twilio took the webhook but shows another: %s", sender.webhook or "—")
        if sender.status not in senders.ONLINE:
            return self.env._(
                "The webhook is set, but Twilio says that the number is %(status)s: %(reasons)s",
                status=sender.status,
                reasons="; ".join(sender.reasons) or self.env._("it does not say why."),
            )
        return False

    # Turning green by itself

    def _on_genuine_messages(self, messages):
        """The first message with a right signature was taken in: those who set the sender up see it at once."""
        self.ensure_one()
        # What a search at Twilio found came without a signature.
        signed = any("DateSent" not in (message.parameters or {}) for message in messages)
        if self.signature_seen_at or self.is_simulator or not signed:
            return
        if not self._get_credentials():
            return  # signed by ourselves, in simulation
        self.signature_seen_at = utcnow()
        for user in self.env.ref("sales_team.group_sale_manager").all_user_ids:
            user._bus_send(_BUS_TYPE, {"sender_id": self.id})


def _done(text, **more):
    return {"state": "done", "text": text, **more}


def _todo(text, **more):
    return {"state": "todo", "text": text, **more}


def _problem(text, **more):
    return {"state": "problem", "text": text, **more}


def _is_public(url):
    """Whether Twilio may call a URL: https, and not an address of this machine or network."""
    if not is_web_address(url):
        return False
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        reachable = ip_address(host).is_global
    except ValueError:
        reachable = "." in host and not host.endswith((".local", ".localhost", ".internal"))
    return parts.scheme == "https" and reachable
