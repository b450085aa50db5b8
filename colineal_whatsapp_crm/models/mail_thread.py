from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from .discuss_channel import WHATSAPP, is_whatsapp
from .whatsapp_access_mixin import MODULE

#: In the context of a message that is made by posting on its record. No caller from outside can send this object.
POSTED = object()


def _is_kept(records):
    """Whether these are customers' threads, or records of this addon: what is said there is not made up."""
    if records._name == "discuss.channel":
        return any(map(is_whatsapp, records.sudo()))
    return records._original_module == MODULE


class MailThread(models.AbstractModel):
    """What is said about a customer comes by the doors that ask who says it: neither e-mail nor composer is one."""

    _inherit = "mail.thread"

    def _message_create(self, values_list):
        if not (self.env.su and _is_kept(self)):
            return super()._message_create(values_list)
        thread = self.with_context(whatsapp_posted=POSTED)
        return super(MailThread, thread)._message_create(values_list).with_env(self.env)

    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """No e-mail begins a record of ours, or comes into a thread: whoever sends it may say that it is from anybody.

        Colleagues who may write there answer the notes on a record by e-mail, as elsewhere in Odoo.
        """
        model, thread_id = route[:2]
        if model in self.env and _is_kept(records := self.env[model].browse(thread_id or ()).exists()):
            users = self.env["res.partner"].sudo().browse(message_dict.get("author_id") or ()).user_ids
            if not any(records and model != "discuss.channel" and _may_say(records, user) for user in users):
                text = self.env._("WhatsApp conversations accept no e-mail from this address")
                self._routing_warn(text, message_dict["message_id"], route, raise_exception)
                return ()
        return super()._routing_check_route(message, message_dict, route, raise_exception)


def _may_say(records, user):
    """Whether a user may post on records, in whichever of their companies these are."""
    mine = records.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
    return not user.share and mine.has_access(getattr(records, "_mail_post_access", "write"))


class MailMessage(models.Model):
    _inherit = "mail.message"

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
            if model not in self.env:
                continue
            records = self.env[model].sudo(False).browse(filter(None, messages.mapped("res_id")))
            if not records or not _is_kept(records):
                continue
            if model == "discuss.channel":
                raise AccessError(self.env._("What was said on WhatsApp cannot be changed."))
            records.check_access(getattr(records, "_mail_post_access", "write"))
            if messages.author_guest_id or messages.author_id.whatsapp_contact_ids:
                raise AccessError(self.env._("Nobody may write in a customer's name."))


class MailScheduledMessage(models.Model):
    """What is planned shows in the thread at once: by who may write there, under nobody else's name."""

    _inherit = "mail.scheduled.message"

    @api.model
    def _check(self, values=None):
        result = super()._check(values)
        if self.env.uid != SUPERUSER_ID:
            planned = self.sudo().filtered(lambda message: message.model == "discuss.channel").mapped("res_id")
            if values and values["model"] == "discuss.channel":
                planned.append(values["res_id"])
            for channel in self.env["discuss.channel"].browse(planned).sudo().filtered(is_whatsapp):
                channel.with_env(self.env)._check_whatsapp_writer()
        return result

    @api.constrains("author_id", "model", "res_id")
    def _check_author(self):
        for message in self.sudo().filtered(lambda message: message.author_id.whatsapp_contact_ids):
            if _is_kept(self.env[message.model].browse(message.res_id)):
                raise ValidationError(self.env._("Nobody may write in a customer's name."))
