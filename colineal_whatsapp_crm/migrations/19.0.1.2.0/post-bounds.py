from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    """Numbers of settings have bounds now: what is beyond them becomes the nearest that may be, as it counts anyway."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for model in env.registry.values():
        bounds = getattr(model, "_get_bounds", None) and not model._abstract and env[model._name]._get_bounds()
        for name, (low, high) in (bounds or {}).items():
            column = SQL.identifier(name)
            cr.execute(
                SQL(
                    "UPDATE %s SET %s = LEAST(GREATEST(%s, %s), %s) WHERE %s NOT BETWEEN %s AND %s",
                    SQL.identifier(model._table),
                    column,
                    column,
                    low,
                    high,
                    column,
                    low,
                    high,
                )
            )
