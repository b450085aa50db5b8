from odoo import models

from .mail_message import POSTED, is_kept


class MailThread(models.AbstractModel):
    """What is said about a customer comes by the doors that ask who says it: neither e-mail nor composer is one."""

    _inherit = "mail.thread"

    def _message_create(self, values_list):
        if not (self.env.su and is_kept(self)):
            return super()._message_create(values_list)
        thread = self.with_context(whatsapp_posted=POSTED)
        return super(MailThread, thread)._message_create(values_list).with_env(self.env)

    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """No e-mail begins a record of ours, or comes into a thread: whoever sends it may say that it is from anybody.

        Colleagues who may write there answer the notes on a record by e-mail, as elsewhere in Odoo.
        """
        model, thread_id = route[:2]
        if model in self.env and is_kept(records := self.env[model].browse(thread_id or ()).exists()):
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
