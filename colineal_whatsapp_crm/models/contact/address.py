from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...gateway.address import CHANNEL, NOBODY, NOWHERE, shorten
from ...lib.clock import utcnow

#: When somebody was last seen is known to the hour: more would cost a statement a message.
_SEEN_HOURS = 1


class WhatsappContactAddress(models.Model):
    """One way to tell who somebody is, as one company knows them: a number, or a user id that WhatsApp gave them.

    A message is matched by `key`, in `_find`; answers go to the `value` that the conversation's last message came from.
    A scoped id counts for the account that sees it alone: another business's account sees another, and what it sees is
    no proof here. Numbers and parent ids are the same for all accounts.
    """

    _name = "whatsapp.contact.address"
    _inherit = ["whatsapp.access.mixin", "whatsapp.simulated.mixin"]
    _description = "WhatsApp Address"
    _real_domain = Domain("key", "not =like", f"{CHANNEL}{NOWHERE}%") & Domain(
        "key", "not =like", f"{CHANNEL}{NOBODY}%"
    )
    _order = "last_seen_at desc, id desc"
    _rec_name = "value"

    contact_id = fields.Many2one(
        "whatsapp.contact",
        ondelete="cascade",
        index=True,
        readonly=True,
        help="None where all that is left of somebody is that they want no messages.",
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)
    kind = fields.Selection(
        [("number", "Number"), ("scoped", "User ID"), ("parent", "Parent ID"), ("other", "Other")],
        required=True,
        readonly=True,
        help="A user ID is what WhatsApp names somebody by whose number it does not show; a parent ID is the same for all "
        "accounts of one owner.",
    )
    value = fields.Char(string="Raw Address", required=True, readonly=True, help="As Twilio writes it.")
    key = fields.Char(required=True, readonly=True, help="What messages are matched by.")
    account = fields.Char(
        string="Twilio Account",
        required=True,
        readonly=True,
        default="",
        help="Whose id it is; empty for all accounts.",
    )
    shown = fields.Char(string="Address", compute="_compute_shown")
    first_seen_at = fields.Datetime(string="First Seen", readonly=True)
    last_seen_at = fields.Datetime(string="Last Seen", readonly=True)
    opt_out_reason = fields.Char(readonly=True, help="Why an erased customer wanted no messages, as on the contact.")
    opted_out_at = fields.Datetime(readonly=True, help="Since when an erased customer wanted no messages.")

    _key_uniq = models.Constraint(
        "UNIQUE(company_id, key, account)", "This WhatsApp address already is a contact's in this company."
    )

    @api.depends("value")
    def _compute_shown(self):
        for address in self:
            address.shown = shorten(address.value or "")

    @api.depends("shown")
    def _compute_display_name(self):
        for address in self:
            address.display_name = address.shown

    @api.model
    def _find(self, addresses, company, account):
        """The rows that these `gateway.address.Address` have already: {key: (id, contact's id, value, last seen)}.

        Their contacts are locked for this transaction: another that gives one of them a message, or makes one of two,
        waits for its end.
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT row.key, row.id, row.contact_id, row.value, row.last_seen_at
                     FROM whatsapp_contact_address row
                     JOIN whatsapp_contact contact ON contact.id = row.contact_id
                    WHERE row.company_id = %s AND (row.key, row.account) IN %s
                 ORDER BY contact.id
                      FOR NO KEY UPDATE OF contact""",
                company.id,
                tuple((each.key, _get_account(each, account)) for each in addresses),
            ),
            log_exceptions=False,  # a lost race is run again
        )
        return {key: found for key, *found in self.env.cr.fetchall()}

    @api.model
    def _add(self, contact, addresses, account=""):
        """These addresses are the contact's from now on. One that another transaction just took is a lost race."""
        if not addresses:
            return
        contact.flush_recordset()
        now = utcnow()
        self.env.cr.execute(
            SQL(
                """INSERT INTO whatsapp_contact_address
                          (contact_id, company_id, kind, value, key, account, first_seen_at, last_seen_at,
                           create_uid, create_date, write_uid, write_date)
                   VALUES %s""",
                SQL(", ").join(
                    SQL(
                        "(%s)",
                        SQL(", ").join(
                            SQL("%s", each)
                            for each in (
                                contact.id,
                                contact.company_id.id,
                                address.kind,
                                address.value,
                                address.key,
                                _get_account(address, account),
                                now,
                                now,
                                self.env.uid,
                                now,
                                self.env.uid,
                                now,
                            )
                        ),
                    )
                    for address in addresses
                ),
            ),
            log_exceptions=False,  # a lost race is run again
        )
        contact.invalidate_recordset(["address_ids"], flush=False)

    @api.model
    def _carry_over(self, sender, account, former):
        """The customers of a sender are known in its new Twilio account by the user ids that the former one saw.

        Where the new account sees them by others, these match nobody's; they count as seen when they are.
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """INSERT INTO whatsapp_contact_address (contact_id, company_id, kind, value, key, account)
                   SELECT DISTINCT row.contact_id, row.company_id, row.kind, row.value, row.key, %s
                     FROM whatsapp_contact_address row
                     JOIN whatsapp_conversation conversation ON conversation.contact_id = row.contact_id
                    WHERE row.kind = 'scoped' AND row.account = %s AND conversation.sender_id = %s
              ON CONFLICT DO NOTHING""",
                account or "",
                former or "",
                sender.id,
            )
        )
        self.env["whatsapp.contact"].invalidate_model(["address_ids"], flush=False)

    @api.model
    def _touch(self, addresses, found):
        """Messages came from these addresses again; of a number, the form it came in now is kept.

        found
            what `_find` gave.
        """
        now = utcnow()
        for address in addresses:
            row_id, _contact_id, value, last_seen_at = found[address.key]
            if value != address.value or not last_seen_at or (now - last_seen_at).total_seconds() > 3600 * _SEEN_HOURS:
                self.browse(row_id).write({"value": address.value, "last_seen_at": now})


def _get_account(address, account):
    return account or "" if address.kind == "scoped" else ""
