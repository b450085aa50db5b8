from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...understanding import templates
from ..conversation.quick_replies import QUICK_REPLY_NAMES

STATE = "whatsapp_message"

#: The records whose customer may be written to, with the field of who does where nobody runs the action.
MODELS = {"crm.lead": "user_id", "res.partner": "user_id", "whatsapp.conversation": "user_id"}


class IrActionsServer(models.Model):
    """A step of an automation that writes to the customer of a lead, a partner or a conversation.

    It is as if who runs it had written it in the thread: by their rights, within WhatsApp's 24 hours, after them by an
    approved template, and not to who wants no messages. What cannot go is noted on the record, and stands in the way of
    nothing else.
    """

    _inherit = "ir.actions.server"

    state = fields.Selection(
        selection_add=[(STATE, "Send WhatsApp Message"), ("followers",)], ondelete={STATE: "cascade"}
    )
    whatsapp_text = fields.Text(
        string="Message",
        translate=False,
        help="May have {name}, {the_product}, {city}, {salesperson} and the other names of quick replies in it. Where one "
        "that it needs is not known, it is not sent.",
    )
    whatsapp_attachment_ids = fields.Many2many(
        "ir.attachment",
        "ir_act_server_whatsapp_file_rel",
        string="Files",
        help="Of kinds and sizes that WhatsApp takes.",
    )
    whatsapp_template_id = fields.Many2one(
        "whatsapp.content.template",
        string="Template",
        domain=[("state", "=", "approved")],
        ondelete="restrict",
        help="Goes after WhatsApp's 24 hours, and always where there are neither words nor files. Its variables are filled "
        "as they are set up; where one is not known, it is not sent.",
    )
    whatsapp_assistant_goes_on = fields.Boolean(
        string="The Assistant Goes On", default=True, help="Otherwise it steps back, as after any colleague's message."
    )

    @api.constrains("state", "whatsapp_text")
    def _check_whatsapp_text(self):
        for action in self.filtered(lambda action: action.state == STATE and action.whatsapp_text):
            fault, words = templates.find_fault(action.whatsapp_text, QUICK_REPLY_NAMES)
            if fault:
                raise ValidationError(
                    {
                        "empty": self.env._("The message has no words."),
                        "braces": self.env._("A brace in the message belongs to no pair."),
                        "unknown": self.env._("What %s stands for is not known.", words),
                        "long": self.env._("The message is too long; %s characters at most.", words),
                    }[fault]
                )

    @api.constrains("state", "whatsapp_attachment_ids")
    def _check_whatsapp_files(self):
        for action in self.filtered(lambda action: action.state == STATE):
            faults = [file._get_whatsapp_fault() for file in action.whatsapp_attachment_ids]
            if any(faults):
                raise ValidationError("\n".join(filter(None, faults)))

    @api.depends("state")
    def _compute_available_model_ids(self):
        ours = self.filtered(lambda action: action.state == STATE)
        ours.available_model_ids = self.env["ir.model"].search([("model", "in", list(MODELS))]) if ours else False
        return super(IrActionsServer, self - ours)._compute_available_model_ids()

    @api.model
    def _warning_depends(self):
        ours = ["whatsapp_text", "whatsapp_attachment_ids", "whatsapp_template_id"]
        return [*super()._warning_depends(), *ours]

    def _get_warning_messages(self):
        warnings = super()._get_warning_messages()
        if self.state == STATE:
            if self.model_id.model not in MODELS:
                warnings.append(
                    self.env._("A WhatsApp message goes to the customer of a lead, contact or conversation.")
                )
            if not (self._has_whatsapp_words() or self.whatsapp_template_id):
                warnings.append(self.env._("A WhatsApp message needs words, a file or a template."))
        return warnings

    def _has_whatsapp_words(self):
        """Whether there is anything to send but a template."""
        return bool((self.whatsapp_text or "").strip() or self.whatsapp_attachment_ids)

    def _run_action_whatsapp_message_multi(self, eval_context=None):
        records = (eval_context or {}).get("records") or (eval_context or {}).get("record")
        if not records or self._is_recompute():
            return False
        files = [(file.name, file.raw) for file in self.sudo().whatsapp_attachment_ids]
        reasons = {record: self._send_whatsapp(record, files) for record in records}
        for record, reason in reasons.items():
            if reason:
                record.sudo()._message_log(body=self.env._("The WhatsApp message was not sent: %s", reason))
        unsent = [reason for reason in reasons.values() if reason]
        text = self.env._(
            "%(sent)s of %(all)s messages are on their way.", sent=len(records) - len(unsent), all=len(records)
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if unsent else "success",
                "message": "\n".join([text, *dict.fromkeys(unsent)]) if unsent else text,
                "sticky": bool(unsent),
            },
        }

    def _send_whatsapp(self, record, files):
        """Write to the customer of one record. Returns why not, in words, or None."""
        user = self.env.user
        if self.env.uid == SUPERUSER_ID:
            # A job has no name to write in.
            user = record.sudo()[MODELS[record._name]]
        if not user:
            return self.env._("nobody runs this, and no salesperson looks after it.")
        # As they, in all their companies, and with the reader's language for what is said of it.
        context = {"lang": self.env.lang, "allowed_company_ids": user.company_ids.ids}
        mine = record.with_env(self.env(user=user, su=False, context=context))
        try:
            with self.env.cr.savepoint():
                conversation = mine.env["whatsapp.conversation"]._find_of(mine)
                if not conversation:
                    return self.env._("the customer has not written on WhatsApp, or to nobody whom you may see.")
                if self.whatsapp_template_id and not (self._has_whatsapp_words() and conversation._is_window_open()):
                    self._send_whatsapp_template(conversation, mine)
                else:
                    conversation._check_may_write()
                    text = conversation._fill_in(self.whatsapp_text or "")
                    conversation._send_from_outside(text or None, files, take_over=not self.whatsapp_assistant_goes_on)
        except AccessError:
            return self.env._("%s may not write in this conversation.", user.sudo().name)
        except UserError as error:
            return str(error)
        return None

    def _send_whatsapp_template(self, conversation, record):
        """Send the template to the customer of a record. Raises `AccessError`, and `UserError` where it cannot go."""
        template = conversation._get_template(self.whatsapp_template_id.id)
        values = template._get_values(conversation, record if record._name == "crm.lead" else None)
        conversation._send_template(template, values, take_over=not self.whatsapp_assistant_goes_on)
