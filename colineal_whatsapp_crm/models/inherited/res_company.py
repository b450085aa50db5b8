from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.tools import ormcache
from pytz import all_timezones_set, country_timezones

#: Where most people of a country with several time zones live: CLDR's primaryZones, and what it leaves out in
#: America. https://github.com/unicode-org/cldr/blob/main/common/supplemental/metaZones.xml
_PRIMARY_ZONES = {
    "AR": "America/Argentina/Buenos_Aires",
    "CL": "America/Santiago",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "PT": "Europe/Lisbon",
    "UZ": "Asia/Tashkent",
    "NZ": "Pacific/Auckland",
    "MY": "Asia/Kuala_Lumpur",
    "DE": "Europe/Berlin",
    "CN": "Asia/Shanghai",
}


class ResCompany(models.Model):
    _inherit = "res.company"

    whatsapp_timezone = fields.Selection(
        _tz_get,
        string="Time Zone",
        compute="_compute_whatsapp_timezone",
        store=True,
        readonly=False,
        help="The shop's: WhatsApp reports show hours and days in it, and deadlines for answers go by it. From the "
        "company's own contact, else from its country, where that has a main one.",
    )

    # And, by `res.partner.write`, on the contact's time zone and country: as dependencies of a stored field these would
    # have Odoo look for the companies of every contact that moves.
    @api.depends("partner_id")
    def _compute_whatsapp_timezone(self):
        for company in self:
            # Its contact is written by many who have no say in the company's settings.
            if company.whatsapp_timezone and not company.sudo(False).has_access("write"):
                company.whatsapp_timezone = company.whatsapp_timezone
                continue
            company.whatsapp_timezone = company.partner_id.tz or _get_zone(company.partner_id.country_id.code)

    @api.model
    @ormcache()
    def _get_contact_ids(self):
        """The ids of the companies' own contacts."""
        return frozenset(self.sudo().with_context(active_test=False).search([]).partner_id.ids)

    def cache_invalidation_fields(self):
        return super().cache_invalidation_fields() | {"partner_id"}

    def _get_whatsapp_timezone(self, calendar=None):
        """The name of the shop's time zone: of its working hours, else of the company, else of its calendar, or UTC.

        One that nobody knows, as only SQL can put there, is passed over.
        """
        company = self.sudo()
        # Each only where the one before says nothing: every turn asks, and reads no row that it need not.
        sources = (
            lambda: calendar and calendar.sudo().tz,
            lambda: company.whatsapp_timezone,
            lambda: company.resource_calendar_id.tz,
        )
        return next((zone for read in sources if (zone := read()) in all_timezones_set), "UTC")

    def _get_whatsapp_language(self):
        """The code of the language in which notes for all colleagues are written: the company's; None for none."""
        # Of two rows with a hundred columns, one each: this is asked at every turn.
        language = self.with_context(prefetch_fields=False).partner_id.lang
        # Nothing can be said in a language that was switched off.
        return language if language and self.env["res.lang"]._get_data(code=language) else None


def _get_zone(country_code):
    """The only or the main time zone of a country, or False where one has to be chosen."""
    zones = country_timezones.get(country_code, []) if country_code else []
    return zones[0] if len(zones) == 1 else _PRIMARY_ZONES.get(country_code, False)
