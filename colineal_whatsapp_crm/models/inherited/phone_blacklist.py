from odoo import api, models
from odoo.fields import Domain

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
        # Who shows no number has the one they told: see `whatsapp.contact._on_told_number`.
        told = Domain("phone", "=", False) & Domain("told_phone", "in", forms)
        contacts = self.env["whatsapp.contact"].sudo().search(Domain("phone", "in", forms) | told)
        if contacts:
            theirs = {contact: get_candidates(contact._get_call_number()) for contact in contacts}
            active = [("number", "in", [form for each in theirs.values() for form in each]), ("active", "=", True)]
            listed = set(self.sudo().search(active).mapped("number"))
            still = contacts.filtered(lambda contact: listed & set(theirs[contact]))
            still._opt_out("blacklist")
            (contacts - still)._opt_in("off_blacklist")
