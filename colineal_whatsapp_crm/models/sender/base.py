import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...gateway.address import (
    can_exist,
    clean_number,
    is_known_range,
    is_web_address,
    region_of,
    strip_channel,
    to_e164,
)
from ...gateway.delivery import Credentials
from ...lib import accent_insensitive
from ...lib.clock import utcnow
from ...lib.routes import STATUS_PATH, WEBHOOK_PATH
from ...lib.settings import get_setting
from ..mixins.bounds import SEQUENCE

# Ask Twilio for the retries that it does not make by itself: up to three, after any failure. Also after 404, which is
# what Odoo answers where it has no addon, as before the first request.
# https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
WEBHOOK_FRAGMENT = "#rc=3&rp=all"

ACCOUNT_SID_VARIABLE = "TWILIO_ACCOUNT_SID"

AUTH_TOKEN_VARIABLE = "TWILIO_AUTH_TOKEN"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What the webhook must know of a sender."""

    id: int
    public_url: str
    signature_keys: tuple[str, ...] = field(repr=False)


class WhatsappSender(models.Model):
    """One WhatsApp number of ours at Twilio.

    A sender without complete Twilio credentials is in *simulation*: its webhook is signed with a secret of its own,
    and its replies stop at the outbox.
    """

    _name = "whatsapp.sender"
    _inherit = ["whatsapp.access.mixin", "whatsapp.compiled.mixin"]
    _description = "WhatsApp Sender"
    _order = "sequence, id"
    _check_company_auto = True
    _writable_fields = {
        "sales_team.group_sale_manager": {
            "name",
            "sequence",
            "active",
            "company_id",
            "number",
            "assistant_id",
            "team_id",
            "account_sid",
            "messaging_service_sid",
            "public_url",
            "messages_per_second",
            "shows_typing",
            "at_twilio",
        },
        "base.group_system": {"auth_token", "previous_auth_token", "simulation_token"},
    }

    name = accent_insensitive.Char(required=True)
    sequence = fields.Integer(bounds=SEQUENCE, default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    number = fields.Char(
        required=True,
        help="The WhatsApp number customers write to, e.g. +593 99 123 4567. Without a country code it is taken for one "
        "of the company's country.",
    )
    assistant_id = fields.Many2one(
        "whatsapp.assistant",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["whatsapp.assistant"].search([], limit=1),
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        check_company=True,
        help="New leads go to this team, and its members are rung. Left empty, CRM's own rules decide; who is rung is then "
        "of the lead's team, else of the company's first whose members take leads.",
    )
    is_simulator = fields.Boolean(
        readonly=True, copy=False, help="Customers of it are colleagues who try the assistant. It is never live."
    )
    mode = fields.Selection(
        [("simulation", "Simulation"), ("unverified", "Not Verified"), ("live", "Live")],
        compute="_compute_mode",
        compute_sudo=True,
        help="In simulation, replies are kept in Odoo and never reach a customer. It ends when the account SID is set "
        "here and the auth token is known. Live as soon as Twilio has taken them: in a test, when it was connected, or "
        "with the first message that it signed.",
    )
    messaging_service_sid = fields.Char(
        string="Messaging Service SID",
        copy=False,
        help="Where messages go out by a messaging service of Twilio: MG and 32 characters. It answers from the number of "
        "its pool that the customer wrote to; messages to any of these come to this sender.",
    )
    account_sid = fields.Char(string="Account SID", copy=False, help="Of your Twilio account: AC and 32 characters.")
    auth_token = fields.Char(
        groups="base.group_system",
        copy=False,
        help=f"The account's primary auth token. {AUTH_TOKEN_VARIABLE} in Odoo's environment "
        "or twilio_auth_token in its configuration file come first.",
    )
    previous_auth_token = fields.Char(
        groups="base.group_system",
        copy=False,
        help="While the token is being changed at Twilio: messages signed with this one are still accepted.",
    )
    simulation_token = fields.Char(
        groups="base.group_system",
        copy=False,
        required=True,
        default=lambda self: secrets.token_hex(16),
        help="Signs the messages of a simulated customer.",
    )
    public_url = fields.Char(
        string="Public Address",
        help="Scheme and host under which Twilio reaches this Odoo, e.g. https://odoo.example.com. "
        "Left empty, Odoo's own web address is used.",
    )
    webhook_url = fields.Char(string="Webhook URL", compute="_compute_webhook_url", compute_sudo=True)
    webhook_setting = fields.Char(
        string="Webhook for Twilio",
        compute="_compute_webhook_url",
        compute_sudo=True,
        help="What to set at Twilio: the webhook's URL, and the wish for another try when it cannot be reached.",
    )
    messages_per_second = fields.Integer(
        bounds=(1, 1000), default=80, help="How many messages Twilio takes from this number in a second."
    )
    shows_typing = fields.Boolean(
        string="Show Typing",
        default=True,
        help="While the assistant has a model read a message, or a colleague writes in the thread, the customer sees that "
        "their message was read and an answer is being written. At Twilio this is a public beta, and nothing for data "
        "that HIPAA or PCI protects.",
    )
    conversation_count = fields.Integer(compute="_compute_conversation_count")

    _number_account_uniq = models.UniqueIndex(
        "(number, COALESCE(account_sid, ''))", "This number is already configured for this Twilio account."
    )

    _service_uniq = models.UniqueIndex(
        "(messaging_service_sid) WHERE messaging_service_sid IS NOT NULL",
        "Another sender has this messaging service: whose customers its numbers are would not be clear.",
    )

    @tools.ormcache()
    def _get_own_numbers(self):
        """Our numbers, as pairs (company's id, number); no statement, however many messages come.

        A live sender's number is every company's: the id is None. Anybody writes any number on one in simulation.
        """
        live = set(self._get_live_ids())
        senders = self.sudo().search([])
        return frozenset((None if sender.id in live else sender.company_id.id, sender.number) for sender in senders)

    @api.model
    @tools.ormcache("company_id")
    def _list_active_ids(self, company_id):
        """The company's senders that customers write to."""
        domain = [("company_id", "=", company_id), ("is_simulator", "=", False)]
        return tuple(self.sudo().search(domain).ids)

    def _get_label(self):
        """Which number it is, where customers of the company write to more than this one; else False."""
        if self.is_simulator or self._list_active_ids(self.company_id.id) in ((), tuple(self.ids)):
            return False
        return self.name

    @api.constrains("number")
    def _check_number(self):
        for sender in self.filtered(lambda sender: not sender.is_simulator):
            # `_normalize` has put it in this form if it is a number at all.
            if to_e164(sender.number) != sender.number or not can_exist(sender.number):
                country = sender.company_id.country_id.name
                if country and not sender.number.startswith("+"):
                    raise ValidationError(
                        self.env._(
                            "%(number)s is no phone number of %(country)s. Write it with its country code, e.g. "
                            "+593 99 123 4567.",
                            number=sender.number,
                            country=country,
                        )
                    )
                raise ValidationError(
                    self.env._(
                        "%s is no phone number with its country code, such as +593 99 123 4567.", sender.number or ""
                    )
                )

    @api.constrains("account_sid")
    def _check_account_sid(self):
        for sender in self.filtered("account_sid"):
            if not (sender.account_sid.startswith("AC") and len(sender.account_sid) == 34):
                raise ValidationError(self.env._("A Twilio account SID is AC followed by 32 characters."))

    @api.constrains("messaging_service_sid")
    def _check_messaging_service_sid(self):
        for sender in self.filtered("messaging_service_sid"):
            if not (sender.messaging_service_sid.startswith("MG") and len(sender.messaging_service_sid) == 34):
                raise ValidationError(self.env._("A Twilio messaging service SID is MG followed by 32 characters."))

    @api.constrains("company_id")
    def _check_company_of_customers(self):
        """Conversations would go to the other company, and their customers stay in this one."""
        for sender in self:
            elsewhere = [("sender_id", "=", sender.id), ("contact_id.company_id", "!=", sender.company_id.id)]
            if self.env["whatsapp.conversation"].sudo().search_count(elsewhere, limit=1):
                raise ValidationError(
                    self.env._("%s has conversations already: it stays in the company it is in.", sender.name)
                )

    @api.constrains("public_url")
    def _check_public_url(self):
        for sender in self.filtered("public_url"):
            if not is_web_address(sender.public_url):
                raise ValidationError(
                    self.env._("“%s” is no web address such as https://odoo.example.com.", sender.public_url)
                )

    @api.onchange("number", "company_id")
    def _onchange_number(self):
        """Who types a number at home's form sees at once what it becomes."""
        if self.number and not self.is_simulator:
            self.number = self._complete_number(self.number, self.company_id)

    @api.depends("account_sid", "auth_token", "signature_seen_at", "connected_at", "tested_at", "test_error")
    def _compute_mode(self):
        for sender in self:
            if not sender._get_credentials():
                sender.mode = "simulation"
            elif sender.signature_seen_at or sender.connected_at or (sender.tested_at and not sender.test_error):
                sender.mode = "live"
            else:
                sender.mode = "unverified"

    @api.depends("public_url")
    def _compute_webhook_url(self):
        for sender in self:
            sender.webhook_url = sender._get_public_url() + WEBHOOK_PATH
            sender.webhook_setting = sender.webhook_url + WEBHOOK_FRAGMENT

    def _compute_conversation_count(self):
        counts = dict(
            self.env["whatsapp.conversation"]._read_group([("sender_id", "in", self.ids)], ["sender_id"], ["__count"])
        )
        for sender in self:
            sender.conversation_count = counts.get(sender, 0)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._normalize(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._normalize(vals)
        former = {sender: sender.account_sid for sender in self} if "account_sid" in vals else {}
        result = super().write(vals)
        for sender, account in former.items():
            if sender.account_sid != account:
                self.env["whatsapp.contact.address"]._carry_over(sender, sender.account_sid, account)
        self._forget_proofs(vals)
        return result

    def action_view_conversations(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("colineal_whatsapp_crm.whatsapp_conversation_action")
        return {**action, "domain": [("sender_id", "=", self.id)], "context": {}}

    def _normalize(self, vals):
        if vals.get("number"):
            company = self.env["res.company"].browse(vals.get("company_id")) or self.company_id[:1] or self.env.company
            vals["number"] = self._complete_number(vals["number"], company)
        for name in ("account_sid", "messaging_service_sid"):
            if vals.get(name):
                vals[name] = vals[name].strip()
        if vals.get("public_url"):
            vals["public_url"] = vals["public_url"].strip().rstrip("/")

    @api.model
    def _complete_number(self, text, company):
        """A number in E.164, or the text as it is where that can be nobody's.

        Without a country code it is of the company's country; where that is not known, of its other senders'.
        """
        siblings = self.search([("company_id", "=", company.id), ("is_simulator", "=", False)])
        regions = [company.country_id.code] if company.country_id else map(region_of, siblings.mapped("number"))
        numbers = filter(None, (to_e164(text, region) for region in dict.fromkeys([*regions, None])))
        # What is told with its country may be newer than the tables; what is guessed may not.
        is_right = can_exist if clean_number(text).startswith("+") else is_known_range
        return next(filter(is_right, numbers), text.strip())

    @api.model
    def _get_room(self):
        """How many messages of a `sender` may go in this second, as SQL; NULL for one in simulation.

        What was sent in the last second is counted over all workers.
        """
        low, high = self._fields["messages_per_second"].bounds
        return SQL(
            """CASE WHEN sender.id = ANY(%s) THEN
                    (SELECT LEAST(GREATEST(live.messages_per_second, %s), %s) FROM whatsapp_sender live
                      WHERE live.id = sender.id)
                    - (SELECT count(*) FROM whatsapp_conversation_message sent
                        WHERE sent.sender_id = sender.id AND sent.sent_at > %s) END""",
            list(self._get_live_ids()),
            low,
            high,
            utcnow() - timedelta(seconds=1),
        )

    @api.model
    @tools.ormcache()
    def _get_live_ids(self):
        return tuple(
            sender.id for sender in self.sudo().with_context(active_test=False).search([]) if sender._get_credentials()
        )

    def _get_twilio_name(self):
        """By what Twilio sends for us: a messaging service, where there is one, else the number."""
        return self.messaging_service_sid or self.number

    def _get_status_url(self, message):
        """Where Twilio tells what becomes of a message: the URL names the row, which may not know its SID yet."""
        return f"{self._get_public_url()}{STATUS_PATH}?message={message.id}"

    def _get_public_url(self):
        self.ensure_one()
        return self.public_url or self.env["ir.config_parameter"].sudo().get_param("web.base.url", "").rstrip("/")

    def _get_credentials(self):
        """The sender's Twilio account, or None in simulation.

        A token of the server's environment or configuration file serves the account named beside it there, or every
        sender's when none is named; a sender without an account SID is never live.
        """
        self.ensure_one()
        sender_sudo = self.sudo()
        if not sender_sudo.account_sid or sender_sudo.is_simulator:
            return None
        server_token = get_setting(AUTH_TOKEN_VARIABLE)
        if server_token and get_setting(ACCOUNT_SID_VARIABLE) in (None, sender_sudo.account_sid):
            return Credentials(sender_sudo.account_sid, server_token)
        if sender_sudo.auth_token:
            return Credentials(sender_sudo.account_sid, sender_sudo.auth_token)
        return None

    @api.model
    def _find_endpoint(self, to, account_sid, service_sid=None):
        """The `Endpoint` for a message's ``To``, ``AccountSid`` and ``MessagingServiceSid``, or None.

        A number that is a sender's is; one that is not may be of the pool of a sender's messaging service. A sender of
        that very account wins over one in simulation, which takes any account. The webhook asks this before it knows
        whether the request is genuine, so nothing is kept of what it asks for.
        """
        endpoints, number = self._get_endpoints(), strip_channel(to)
        names = (number, service_sid) if service_sid else (number,)
        keys = ((name, account) for name in names for account in (account_sid, None))
        return next((endpoints[key] for key in keys if key in endpoints), None)

    @api.model
    def _find_other_account(self, to):
        """The `Endpoint` of a sender with this number, whatever its account, or None."""
        number = strip_channel(to)
        return next((endpoint for (known, _sid), endpoint in self._get_endpoints().items() if known == number), None)

    @api.model
    @tools.ormcache()
    def _get_endpoints(self):
        """All senders by (number, account SID, None in simulation)."""
        return {
            (name, sender.account_sid or None): sender._get_endpoint()
            for sender in self.sudo().search([])
            for name in (sender.number, sender.messaging_service_sid)
            if name
        }

    def _get_endpoint(self):
        credentials = self._get_credentials()
        if credentials:
            keys = (credentials.auth_token, self.previous_auth_token)
        else:
            keys = (self.simulation_token,) if not self.account_sid else ()
        return Endpoint(self.id, self._get_public_url(), tuple(key for key in keys if key))

    @api.constrains("is_simulator", "account_sid")
    def _check_simulator(self):
        for sender in self:
            if sender.is_simulator and sender.account_sid:
                raise ValidationError(self.env._("The simulator cannot go live."))

    def action_try(self):
        """Play a customer of this sender's assistant."""
        self.ensure_one()
        return self.assistant_id.action_try()
