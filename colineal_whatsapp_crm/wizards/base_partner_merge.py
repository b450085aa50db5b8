from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """A customer is not merged into a colleague, who would have written all that the customer wrote."""
        partners = self.env["res.partner"].sudo().browse(partner_ids).exists()
        contacts = partners.whatsapp_contact_ids
        if contacts and (others := partners.filtered(lambda partner: not partner.partner_share)):
            raise UserError(
                self.env._("%s works here and cannot be merged with a customer on WhatsApp.", others[0].display_name)
            )
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        if self.env["res.company"]._get_contact_ids() & set(partner_ids):
            # A company's own contact may be another one now, and its `write` was passed by.
            self.env.registry.clear_cache()
        contacts.invalidate_recordset(["partner_id"])
        # Odoo moves what points to a partner past the checks of it: neither the assistant nor another company's.
        contacts._check_partner()
        return result
