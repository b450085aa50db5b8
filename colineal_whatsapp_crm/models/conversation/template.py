from odoo import models
from odoo.exceptions import UserError

from ...gateway.failure_text import explain


class WhatsappConversation(models.Model):
    """Approved templates: what reaches the customer when nothing else does."""

    _inherit = "whatsapp.conversation"

    def get_templates(self):
        """The approved templates that may go to this customer, as the dialog to send one shows them.

        Each is {id, name, language, category, marketing, fault, variables: [{name, label, value}]}: ``fault`` says why it
        cannot go now; a variable's value is empty where nothing is known, and ``label`` says what belongs there.
        """
        self.ensure_one()
        self.check_access("write")
        silence = self._get_silence_text() if self.opted_out or self.contact_id._is_out_of_reach() else False
        marketing = self.contact_id._get_marketing_fault(self.sender_id, with_waiting=True)
        categories = dict(self.env["whatsapp.content.template"]._fields["category"]._description_selection(self.env))
        found = []
        for template in self._get_templates():
            values = template._get_values(self)
            is_marketing = template.category == "marketing"
            found.append(
                {
                    "id": template.id,
                    "name": template.name,
                    "language": template.language,
                    "category": categories[template.category],
                    "marketing": is_marketing,
                    "fault": silence or (is_marketing and marketing and explain(self.env, marketing)),
                    "variables": [
                        {
                            "name": variable.name,
                            "label": variable._describe() or variable.sample or variable.label,
                            "value": values.get(variable.name, ""),
                        }
                        for variable in template.variable_ids
                    ],
                }
            )
        return found

    def preview_template(self, template_id, values):
        """A template as the customer would see it: {header, body as HTML, footer, media, buttons, missing}.

        values
            {name of a variable: text}; ``missing`` has the names of those that are still to be filled in.
        """
        self.ensure_one()
        self.check_access("write")
        template = self._get_template(template_id)
        filled = template._clean_values(values)
        return {**template._show(filled), "missing": template._get_missing(filled)}

    def send_template(self, template_id, values):
        """A colleague sends a template to the customer: it goes like anything they write, at any time.

        Raises `UserError` where it must not go now, or is not filled in.
        """
        self.ensure_one()
        self.check_access("write")
        return self._send_template(self._get_template(template_id), values).id

    def _send_template(self, template, values, take_over=True):
        """Send a template to the customer as the user. Returns its message.

        values
            {name of a variable: text}, of all of them.
        take_over
            whether the assistant steps back, as after any colleague's message.

        Raises `AccessError`, and `UserError` where it must not go now, or is not filled in.
        """
        conversation = self._get_open_one()
        conversation._check_template_may_go(template)
        return conversation.sudo()._queue_template(template, values, self.env.user, take_over)

    def _check_template_may_go(self, template):
        """Raise a `UserError` where it must not go to the customer now, or the reader has no right to write."""
        self._check_may_write(by_template=True)
        if template.category == "marketing" and (
            fault := self.contact_id._get_marketing_fault(self.sender_id, with_waiting=True)
        ):
            raise UserError(explain(self.env, fault))

    def _get_template_action(self):
        """The dialog to send a template to this customer."""
        self.ensure_one()
        self.check_access("write")
        params = {"conversation_id": self.id, "context": {"allowed_company_ids": self.company_id.ids}}
        return {"type": "ir.actions.client", "tag": "whatsapp_send_template", "params": params}

    def _get_open_one(self):
        """This conversation, or the one that goes on in its thread once this is closed."""
        if self.stage != "closed":
            return self
        channel = self._checked_sudo("write")._get_channel().with_env(self.env)
        return channel.sudo()._get_whatsapp_conversation().with_env(self.env)

    def _get_templates(self):
        """The templates that may be sent to this customer, with the reader's rights."""
        templates = self.env["whatsapp.content.template"]
        found = templates.search([*self.sender_id._get_template_domain(), ("state", "=", "approved")])
        mine = self._get_reply_language()
        # The customer's language first.
        return found.filtered(lambda each: each._is_sendable()).sorted(
            lambda each: (each.language.partition("_")[0] != mine, each.name)
        )

    def _get_template(self, template_id):
        template = self._get_templates().filtered(lambda each: each.id == template_id)
        if not template:
            raise UserError(self.env._("This template is not approved, or is another account's."))
        return template

    def _find_template(self, name, language=None):
        """The template by its name at WhatsApp that may be sent to this customer; by default the one in their language.

        Raises `UserError` where there is none.
        """
        found = self._get_templates().filtered(
            lambda each: each.content_name == name and language in (None, each.language)
        )
        if not found:
            raise UserError(self.env._("There is no approved template by this name and language."))
        return found[0]

    def _say_by_template(self, template):
        """The assistant sends a template, where it may go now and all that it names is known. Returns its message, or none."""
        values = template._clean_values(template._get_values(self))
        held_back = template.category == "marketing" and self.contact_id._get_marketing_fault(self.sender_id, True)
        if held_back or template not in self._get_templates() or template._get_missing(values):
            return self.env["whatsapp.conversation.message"]
        return self._queue_template(template, values)

    def _queue_template(self, template, values, user=None, take_over=True):
        """Put a template into the outbox, filled in. Returns its message.

        user
            the colleague who sends it; without one it is the assistant's.
        take_over
            whether the conversation is left to the colleague; otherwise the assistant goes on.
        """
        self.ensure_one()
        template = template.with_env(self.env)
        values = template._clean_values(values)
        if missing := template._get_missing(values):
            raise UserError(
                self.env._(
                    "Fill in %s: the customer would see nothing there.", ", ".join(f"{{{{{n}}}}}" for n in missing)
                )
            )
        if user and take_over:
            self._take_over(user)
        author = {"author": "person", "user_id": user.id} if user else {"author": "assistant"}
        # Of the turn that it goes on from, or what the customer writes meanwhile would not stop it.
        turn = {} if user else {"classification_id": self.classification_id.id}
        values = {**self._prepare_by_template(template, values), **author, **turn}
        line = self.env["whatsapp.conversation.message"].create(values)
        self._on_outbound(line)
        if user:
            # What a person sends is in the thread at once, as all that they write.
            line._show()
            members = self.channel_id.channel_member_ids
            for me in members.filtered(lambda member: member.partner_id == user.partner_id):
                me._mark_as_read(line.mail_message_id.id)
        self.env["whatsapp.worker"]._wake()
        return line

    def _queue_mailing(self, template, values, mailing, moment):
        """Put one message of a mailing into the outbox, to go from `moment` on. Returns it; the caller wakes the worker."""
        self.ensure_one()
        sent = {"author": "assistant", "mailing_id": mailing.id, "retry_at": moment}
        line = self.env["whatsapp.conversation.message"].create(
            {**self._prepare_by_template(template.with_env(self.env), values), **sent}
        )
        self._on_mailing(line)
        return line

    def _prepare_by_template(self, template, values):
        """A message of ours that Twilio fills in, as values of its row; who says it is the caller's to add.

        values
            {name of a variable: text}, of all of them.
        """
        shown = template._fill(values)
        return {
            "conversation_id": self.id,
            "sender_id": self.sender_id.id,
            "direction": "outbound",
            "address": self._get_address(),
            "state": "queued",
            "body": shown.pop("body"),
            "template_id": template.id,
            "is_marketing": template.category == "marketing",
            "content": {"sid": template.content_sid or "", "variables": values, **shown},
        }
