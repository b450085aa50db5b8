import csv

from odoo.tools import file_open


def migrate(cr, version):
    """Where the cities are that came with the addon and are still called as they came: who shares a place lives near one."""
    with file_open("colineal_whatsapp_crm/data/whatsapp.city.csv") as file:
        rows = [(row["id"], row["name"], row["latitude"], row["longitude"]) for row in csv.DictReader(file)]
    cr.execute(
        """UPDATE whatsapp_city city
              SET latitude = known.latitude, longitude = known.longitude
             FROM unnest(%s, %s, %s::numeric[], %s::numeric[]) AS known(xmlid, name, latitude, longitude)
             JOIN ir_model_data data ON data.module = 'colineal_whatsapp_crm' AND data.name = known.xmlid
                                    AND data.model = 'whatsapp.city'
            WHERE city.id = data.res_id AND city.name = known.name
              AND COALESCE(city.latitude, 0) = 0 AND COALESCE(city.longitude, 0) = 0""",
        [list(column) for column in zip(*rows, strict=True)],
    )
