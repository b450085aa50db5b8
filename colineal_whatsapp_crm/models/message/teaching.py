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
        if self.direction != "inbound" or not self._get_words():
            raise UserError(self.env._("There are no words of the customer in it to learn from."))
        action = self.env["ir.actions.act_window"]._for_xml_id("colineal_whatsapp_crm.whatsapp_teaching_action")
        marked = " ".join(str(marked or "").split())[:_LONGEST_MARKED]
        return {**action, "context": {"default_message_id": self.id, "default_marked": marked}}

    def _get_last_taught(self):
        """Of the messages of a turn, the one to learn from: the customer's last with words."""
        said = self.filtered(lambda line: line.direction == "inbound" and line._get_words())
        return said.sorted("id")[-1:]
