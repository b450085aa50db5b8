import re
from urllib.parse import unquote, urlsplit

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..lib import accent_insensitive
from ..lib.geography import distance_km, find_nearest
from ..understanding.grammar import enumerate_words
from ..understanding.text import fold
from .mixins.bounds import SEQUENCE

#: Nobody goes further.
_MOST_KM = 100
_LATITUDE = r"(?P<latitude>-?\d{1,2}\.\d{2,})"
_LONGITUDE = r"(?P<longitude>-?\d{1,3}\.\d{2,})"
#: Where a map's link says itself which place it shows, the surest first: the pin, ``…!3d-0.1807!4d-78.4678``; what is
#: looked for, ``…?q=-0.1807,-78.4678``; the middle of the map, ``…/@-0.1807,-78.4678,17z``, which the pin need not be.
_IN_LINK = (
    re.compile(rf"!3d{_LATITUDE}!4d{_LONGITUDE}", re.ASCII),
    re.compile(rf"[?&](?:q|query|ll|destination)={_LATITUDE},{_LONGITUDE}", re.ASCII),
    re.compile(rf"/@{_LATITUDE},{_LONGITUDE}", re.ASCII),
)

#: Characters of what is said word for word.
_TEXTS = {"name": 80, "address": 200, "opening_hours": 200, "phone": 40, "map_url": 200}


class WhatsappShop(models.Model):
    """One of the shops that customers may go to: where it is, when it is open."""

    _name = "whatsapp.shop"
    _inherit = ["whatsapp.access.mixin", "whatsapp.compiled.mixin"]
    _description = "Shop"
    _order = "sequence, id"
    _check_company_auto = True
    _writable_fields = {
        "sales_team.group_sale_manager": {
            "name",
            "sequence",
            "active",
            "company_id",
            "address",
            "city_id",
            "phone",
            "map_url",
            "latitude",
            "longitude",
            "resource_calendar_id",
            "opening_hours",
        }
    }

    name = accent_insensitive.Char(required=True, help="As customers know it, e.g. Colineal El Recreo.")
    sequence = fields.Integer(bounds=SEQUENCE, default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, help="Empty: of all companies.")
    address = accent_insensitive.Char(required=True, help="As the assistant says it, e.g. Av. Amazonas N21-147.")
    city_id = fields.Many2one(
        "whatsapp.city",
        required=True,
        index=True,
        ondelete="restrict",
        help="Customers who live there, or ask for it, are told of this shop.",
    )
    phone = fields.Char(string="Telephone")
    map_url = fields.Char(
        string="Map Link", help="What a customer taps to find the way, e.g. https://maps.app.goo.gl/…"
    )
    latitude = fields.Float(
        bounds=(-90, 90),
        digits=(9, 6),
        compute="_compute_position",
        store=True,
        readonly=False,
        help="In degrees, south of the equator negative.",
    )
    longitude = fields.Float(
        bounds=(-180, 180),
        digits=(9, 6),
        compute="_compute_position",
        store=True,
        readonly=False,
        help="In degrees, west of Greenwich negative. Who shares a place is told of the nearest shop. Both 0: not known.",
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar", string="Working Hours", check_company=True, help="What customers are told of the hours."
    )
    opening_hours = fields.Char(
        string="Hours in Your Words", help="Said in place of the working hours, e.g. todos los días de 10:00 a 20:00."
    )
    hours_told = fields.Char(
        compute="_compute_hours_told", string="Customers Are Told", help="Of the hours, in Spanish."
    )

    @api.depends("map_url")
    def _compute_position(self):
        """A long link of a map says where it is; what somebody wrote stays with one that does not."""
        for shop in self:
            link = unquote(shop.map_url or "")
            found = next(filter(None, (pattern.search(link) for pattern in _IN_LINK)), None)
            if found and abs(float(found["latitude"])) <= 90 and abs(float(found["longitude"])) <= 180:
                shop.latitude, shop.longitude = float(found["latitude"]), float(found["longitude"])

    @api.depends("opening_hours", "resource_calendar_id.attendance_ids")
    def _compute_hours_told(self):
        for shop in self:
            shop.hours_told = shop._describe_hours("es")

    def _describe_hours(self, language):
        return self.opening_hours or self.resource_calendar_id._describe_for_whatsapp(language)

    @api.constrains(*_TEXTS)
    def _check_texts(self):
        for shop in self:
            if fault := next(shop._explain_long_texts(_TEXTS), ""):
                raise ValidationError(fault)
            if shop.map_url and not _is_link(shop.map_url):
                raise ValidationError(self.env._("The map link is no web address: it begins with https://."))

    @api.model
    def _get_facts(self, company, city, language, near=None):
        """What may be said of the shops, by placeholder; nothing where there are none.

        company
            whose shops; those of no company are everybody's.
        city
            the customer's, as their words or the vocabulary name it; empty when it is not known.
        near
            latitude and longitude of where they are, if they have shared it.

        Of the shops in the customer's city, or of the only one: ``address``, ``shop`` (one only), ``shop_phone``, ``map``
        and ``hours``. Otherwise ``cities``, where there are shops.
        """
        shops = self.sudo().browse(self._get_ids(company.id))
        here = shops.filtered(lambda shop: city and fold(shop.city_id.name) == fold(city))
        if near and len(here) > 1 and all(map(_get_position, here)):
            here = here.sorted(lambda shop: distance_km(near, _get_position(shop)))[:1]
        if not here and len(shops) > 1:
            return {"cities": enumerate_words(dict.fromkeys(shops.city_id.mapped("name")))}
        return (here or shops)._describe(language)

    @api.model
    def _find_nearest(self, position, company):
        """The name of the company's shop that is nearest to (latitude, longitude) and how far it is in km, or None."""
        shops = self.sudo().browse(self._get_ids(company.id))
        places = [(shop.name, place) for shop in shops if (place := _get_position(shop))]
        return find_nearest(position, places, _MOST_KM)

    @tools.ormcache("company_id")
    def _get_ids(self, company_id):
        return tuple(self.sudo().search([("company_id", "in", (False, company_id))]).ids)

    def _describe(self, language):
        """What is said of these shops, all of one city."""
        hours = [shop._describe_hours(language) for shop in self]
        if len(self) < 2:
            place = self and self._get_place()
            facts = {
                "shop": self.name,
                "address": place,
                "map": self.map_url,
                "shop_phone": self.phone,
                "hours": "".join(filter(None, hours)),
            }
        else:
            told = [f"{shop.name}: {each}" for shop, each in zip(self, hours, strict=True) if each]
            facts = {
                "address": "; ".join(f"{shop.name}: {shop.address}" for shop in self),
                "hours": hours[0] if len(set(hours)) == 1 else "; ".join(told),
            }
        return {name: fact for name, fact in facts.items() if fact}

    def _get_place(self):
        named = fold(self.city_id.name) in fold(self.address)
        return self.address if named else f"{self.address}, {self.city_id.name}"


def _get_position(shop):
    known = shop.latitude or shop.longitude
    return (shop.latitude, shop.longitude) if known else None


def _is_link(text):
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not any(each.isspace() for each in text)
