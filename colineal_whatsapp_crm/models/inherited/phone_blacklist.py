from odoo import api, models

from ...gateway.address import get_candidates


class PhoneBlacklist(models.Model):
    """A number that somebody puts on the blacklist, or takes off, is one on WhatsApp as well."""

    _inherit = "phone.blacklist"

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        self._sync_opt_outs(entries.mapped("number"))
        return entries

    def write(self, vals):
        numbers = self.mapped("number")
        result = super().write(vals)
        if {"active", "number"} & vals.keys():
            self._sync_opt_outs([*numbers, *self.mapped("number")])
        return result

    def unlink(self):
        numbers = self.mapped("number")
        result = super().unlink()
        self._sync_opt_outs(numbers)
        return result

    @api.model
    def _sync_opt_outs(self, numbers):
        forms = [form for number in numbers if number for form in get_candidates(number)]
        contacts = self.env["whatsapp.contact"].sudo().search([("phone", "in", forms)])
        if contacts:
            active = [("number", "in", contacts._get_all_numbers()), ("active", "=", True)]
            listed = set(self.sudo().search(active).mapped("number"))
            still = contacts.filtered(lambda contact: listed & set(contact._get_all_numbers()))
            still._opt_out("blacklist")
            (contacts - still)._opt_in("off_blacklist")
