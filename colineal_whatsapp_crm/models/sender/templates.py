from odoo import api, fields, models

from ...gateway.delivery import DeliveryError
from ...gateway.failure_text import FailureText, explain


class WhatsappSender(models.Model):
    """The templates of a sender's Twilio account, and how much advertising its customers get."""

    _inherit = "whatsapp.sender"
    _writable_fields = {"sales_team.group_sale_manager": {"marketing_per_day"}}

    marketing_per_day = fields.Integer(
        bounds=(0, 20),
        default=1,
        string="Advertising a Day",
        help="How many marketing templates one customer gets in 24 hours, from all colleagues and actions together. 0: none.",
    )
    templates_synced_at = fields.Datetime(string="Templates Last Fetched", readonly=True, copy=False)
    templates_error = FailureText(string="Templates Not Fetched", readonly=True, copy=False)
    template_count = fields.Integer(compute="_compute_template_count")

    def _compute_template_count(self):
        for sender in self:
            sender.template_count = self.env["whatsapp.content.template"].search_count(sender._get_template_domain())

    def _get_template_domain(self):
        """The templates that this sender may use: those of its account in its company."""
        return [("company_id", "=", self.company_id.id), ("account_sid", "=", self.account_sid)]

    def _may_use(self, template):
        """Whether it is one of this sender's templates that may be sent now."""
        self.ensure_one()
        mine = template.company_id == self.company_id and template.account_sid == self.account_sid
        return mine and template._is_sendable()

    @api.model
    def _get_one_of_each_account(self):
        """A sender for each Twilio account and company that is not in simulation."""
        senders = self.search([("account_sid", "!=", False), ("is_simulator", "=", False)])
        each = {(sender.company_id, sender.account_sid): sender for sender in reversed(senders)}
        return [sender for sender in each.values() if sender._get_credentials()]

    def action_sync_templates(self):
        """Fetch the templates of this sender's account from Twilio, and what WhatsApp says of them."""
        self.ensure_one()
        sender = self._checked_sudo("write")
        try:
            count = self.env["whatsapp.content.template"].sudo()._sync(sender)
        except DeliveryError as error:
            sender._record_template_sync(str(error))
            return self._notify(explain(self.env, str(error)), "danger")
        return self._notify(self.env._("There are %s template(s).", count), "success")

    def action_view_templates(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("colineal_whatsapp_crm.whatsapp_content_template_action")
        return {**action, "domain": self._get_template_domain(), "context": {"default_sender_id": self.id}}

    def _record_template_sync(self, error):
        self.write({"templates_error": error, **({} if error else {"templates_synced_at": fields.Datetime.now()})})
