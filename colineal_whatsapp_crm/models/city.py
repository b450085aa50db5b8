from odoo import api, fields, models, tools

from ..lib import accent_insensitive
from ..lib.geography import find_nearest
from ..understanding import City

#: Who is further from all of them lives in none.
_MOST_KM = 30


class WhatsappCity(models.Model):
    """A city the assistant recognises, and the ways customers write it."""

    _name = "whatsapp.city"
    _inherit = "whatsapp.vocabulary.mixin"
    _description = "City the assistant knows"
    _order = "name"
    _writable_fields = {"sales_team.group_sale_manager": {"name", "country", "latitude", "longitude"}}

    name = accent_insensitive.Char(required=True)
    country = fields.Char(help="ISO code of the country.")

    latitude = fields.Float(
        bounds=(-90, 90), digits=(9, 6), help="Of its centre, in degrees, south of the equator negative."
    )
    longitude = fields.Float(
        bounds=(-180, 180),
        digits=(9, 6),
        help="Of its centre, in degrees, west of Greenwich negative. A customer who shares a place lives in the nearest "
        "city. Both 0: not known.",
    )

    synonym_ids = fields.One2many("whatsapp.synonym", "city_id", string="Synonyms", copy=True)

    _name_uniq = models.UniqueIndex("(name)", "This city exists already.")

    @api.model
    def _find_nearest(self, position):
        """The name of the city nearest to (latitude, longitude), or None where none is near."""
        found = find_nearest(position, self._get_places(), _MOST_KM)
        return found and found[0]

    @tools.ormcache()
    def _get_places(self):
        cities = self.sudo().search(["|", ("latitude", "!=", 0), ("longitude", "!=", 0)])
        return tuple((city.name, (city.latitude, city.longitude)) for city in cities)

    @api.constrains("name")
    def _check_name(self):
        self._check_words()

    def _to_city(self):
        """As the understanding takes it."""
        self.ensure_one()
        return City(self.name, self._get_synonyms(), self.country or "")
