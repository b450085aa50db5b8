from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..mixins.access import MODULE
from .discuss_channel import WHATSAPP, is_whatsapp
from .mail_guest import SALES_OR_READER

#: In the context of a message that is made by posting on its record. No caller from outside can send this object.
POSTED = object()


class MailMessage(models.Model):
    """A message of a WhatsApp thread knows its row in the ledger, and stays as it was said.

    Colleagues write by posting in the thread. Messages are neither made, changed nor deleted in another way.
    """

    _name = "mail.message"
    _inherit = ["mail.message", "whatsapp.access.mixin"]

    whatsapp_line_ids = fields.One2many("whatsapp.conversation.message", "mail_message_id", groups=SALES_OR_READER)

    # When a guest goes, the database looks for what they wrote: without an index, through all messages of the shop.
    _author_guest_index = models.Index("(author_guest_id) WHERE author_guest_id IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        if not self.env.su:
            messages._check_not_whatsapp()
        messages._check_made_by_posting()
        return messages

    def write(self, vals):
        if not self.env.su:
            self._check_not_whatsapp()
        return super().write(vals)

    def _check_not_whatsapp(self):
        """Raise an `AccessError` where one of these is in a customer's thread.

        Odoo lets authors change what they said, without asking the thread; to delete it, it does ask: see
        `discuss.channel._mail_get_operation_for_mail_message_operation`.
        """
        messages = self.sudo().filtered(lambda message: message.model == "discuss.channel")
        if any(is_whatsapp(message.channel_id) for message in messages):
            raise AccessError(self.env._("What was said on WhatsApp cannot be changed."))

    def _message_reaction(self, content, action, partner, guest, store=None):
        channel = self.sudo().channel_id
        if channel and is_whatsapp(channel) and self.env.context.get("whatsapp_posted") is not POSTED:
            raise UserError(self.env._("A reaction would not reach the customer. Write to them instead."))
        return super()._message_reaction(content, action, partner, guest, store)

    def _to_store_defaults(self, target):
        return [*super()._to_store_defaults(target), self._get_whatsapp_store_field()]

    def _get_whatsapp_file_fields(self):
        """What screens must know when files come after their message."""
        files = Store.Many("attachment_ids", sort="id", sudo=True)
        return [files, self._get_whatsapp_store_field()]

    def _get_whatsapp_store_field(self):
        # `Store.Attr` has no superuser for what a function returns.
        return Store.Attr(
            "whatsapp",
            lambda message: message.sudo().whatsapp_line_ids._get_least_settled()._get_shown(),
            predicate=lambda message: message.sudo().channel_id and is_whatsapp(message.sudo().channel_id),
        )

    def _get_forbidden_access(self, operation):
        """Who may not see threads reads nothing of them as an author either: anybody gives themselves a number."""
        forbidden = super()._get_forbidden_access(operation)
        if operation != "read" or not self.env.user.share:
            return forbidden
        said = (self - forbidden).sudo().filtered(lambda message: message.model == "discuss.channel")
        return forbidden + self.browse(said.filtered(lambda message: is_whatsapp(message.channel_id)).ids)

    def _get_search_domain_share(self):
        channels = self.env["discuss.channel"].sudo().with_context(active_test=False)
        threads = channels._search([("channel_type", "=", WHATSAPP)])
        others = Domain("model", "!=", channels._name) | Domain("res_id", "not in", threads)
        return super()._get_search_domain_share() & others

    def _check_made_by_posting(self):
        """Raise an `AccessError` for what somebody made up: in a thread, on a record that they may not write, or in a
        customer's name.

        Odoo makes messages as superuser for who mails records, notifies about them, or follows them.
        """
        if self.env.uid == SUPERUSER_ID or self.env.context.get("whatsapp_posted") is POSTED:
            return
        for model, messages in self.sudo().grouped("model").items():
            # Of other models' messages nothing is read: posting there costs what it costs without this addon.
            if model not in self.env or not can_be_kept(self.env[model]):
                continue
            records = self.env[model].sudo(False).browse(filter(None, messages.mapped("res_id")))
            if not records or not is_kept(records):
                continue
            if model == "discuss.channel":
                raise AccessError(self.env._("What was said on WhatsApp cannot be changed."))
            records.check_access(getattr(records, "_mail_post_access", "write"))
            if messages.author_guest_id or messages.author_id.whatsapp_contact_ids:
                raise AccessError(self.env._("Nobody may write in a customer's name."))


def can_be_kept(model):
    """Whether records of a model can be what `is_kept` asks for; without reading any."""
    return model._name == "discuss.channel" or model._original_module == MODULE


def is_kept(records):
    """Whether these are customers' threads, or records of this addon: what is said there is not made up."""
    if records._name == "discuss.channel":
        return any(map(is_whatsapp, records.sudo()))
    return records._original_module == MODULE
