from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from ...understanding.templates import LONGEST_VALUE, PLACEHOLDER, cut

#: What quick replies may name, in braces; screens know them as well, `static/src/core/quick_replies.js`.
QUICK_REPLY_NAMES = (
    "name",
    "product",
    "products",
    "the_product",
    "of_the_product",
    "budget",
    "city",
    "hours",
    "address",
    "salesperson",
    "shop",
)


class WhatsappConversation(models.Model):
    """Odoo's canned responses in a customer's thread: what fills their placeholders, and that none is left."""

    _inherit = "whatsapp.conversation"

    def get_quick_reply_values(self):
        """What quick replies may name, by placeholder; False where it is not known. For the colleague who writes."""
        self.ensure_one()
        return self._checked_sudo("write")._get_filled_placeholders()

    def _get_filled_placeholders(self):
        """The same, after the right to it was checked."""
        conversation = self.sudo()._with_its_company()
        # A job has no name to write in.
        user = conversation.user_id if self.env.uid == SUPERUSER_ID else self.env.user
        known = conversation._get_placeholder_values()
        known |= {"salesperson": user.name, "shop": conversation.company_id.name}
        return {name: cut(known[name], LONGEST_VALUE) if known.get(name) else False for name in QUICK_REPLY_NAMES}

    def _check_filled(self, body):
        """Raise a `UserError` where a text for the customer has a placeholder left in it."""
        if left := PLACEHOLDER.findall(html2plaintext(body or "")):
            raise UserError(
                self.env._("Write something in place of %s: the customer would see it as it stands.", ", ".join(left))
            )
