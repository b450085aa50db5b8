from odoo import models
from odoo.exceptions import UserError

#: Characters of what somebody marked in a message.
_LONGEST_MARKED = 120


class WhatsappConversationMessage(models.Model):
    """What a message was misread in is taught from where it is seen."""

    _inherit = "whatsapp.conversation.message"

    def action_teach(self, marked=""):
        """Teach the assistant by the customer's words in this message.

        marked
            those of them that are marked on the screen.
        """
        self.ensure_one()
        self.conversation_id.check_access("write")
        if not self._filter_taught():
            raise UserError(self.env._("There are no words of the customer in it to learn from."))
        action = self.env["ir.actions.act_window"]._for_xml_id("colineal_whatsapp_crm.whatsapp_teaching_action")
        marked = " ".join(str(marked or "").split())[:_LONGEST_MARKED]
        return {**action, "context": {"default_message_id": self.id, "default_marked": marked}}

    def _filter_taught(self):
        """Those of these messages that have words of the customer to learn from."""
        return self.filtered(lambda line: line.direction == "inbound" and line._get_words())
