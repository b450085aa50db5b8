"""The lead's ``x_`` fields belong to the shop: many a shop has made them by hand before the addon, and keeps them after it.

On installation a manual field of the same name becomes ours with what it holds; on uninstallation ours become manual.
"""

import logging
import re

from odoo.exceptions import UserError
from odoo.tools import SQL, sql

from .understanding.text import fold

_logger = logging.getLogger(__name__)

#: The fields by the type of their column.
_COLUMNS = {
    "x_source": "varchar",
    "x_product_interest": "varchar",
    "x_budget_range": "varchar",
    "x_ai_confidence": "float8",
    "x_quality_score": "varchar",
}

_SCALARS = ("char", "text", "html", "selection", "integer", "float", "monetary", "boolean", "date", "datetime")

_QUALITY_WORDS = {
    **dict.fromkeys(("hot", "caliente", "high", "alta", "alto"), "hot"),
    **dict.fromkeys(("warm", "tibio", "tibia", "medium", "media", "medio"), "warm"),
    **dict.fromkeys(("cold", "frio", "fria", "low", "baja", "bajo"), "cold"),
}


def adopt_manual_fields(env):
    """Make manual fields of the leads ready to become the addon's, keeping what they hold.

    What a field cannot hold any more, such as a quality that is none of ours, is kept beside it in a manual field
    ``…_legacy``. Raises `UserError` for a field whose values cannot be kept.
    """
    fields = env["ir.model.fields"].search(
        [("model", "=", "crm.lead"), ("name", "in", list(_COLUMNS)), ("state", "=", "manual")]
    )
    env.flush_all()
    for field in fields:
        _adopt(env, field)
    env.invalidate_all()


def release_fields(env):
    """Leave the fields and what they hold with the shop, as manual fields, when the addon goes."""
    fields = env["ir.model.fields"].search([("model", "=", "crm.lead"), ("name", "in", list(_COLUMNS))])
    for model, ids in (("ir.model.fields", fields.ids), ("ir.model.fields.selection", fields.selection_ids.ids)):
        env["ir.model.data"].search(
            [("module", "=", "colineal_whatsapp_crm"), ("model", "=", model), ("res_id", "in", ids)]
        ).unlink()
    env.cr.execute(SQL("UPDATE ir_model_fields SET state = 'manual' WHERE id = ANY(%s)", fields.ids))
    env.invalidate_all()


def _adopt(env, field):
    texts = _read_texts(env, field)
    convert = {"x_ai_confidence": _to_share, "x_quality_score": _to_quality}.get(field.name, str)
    values = {lead_id: convert(text) for lead_id, text in texts.items()}
    if field.ttype == "char" and values == texts and not field.translate:
        return
    lost = {lead_id: texts[lead_id] for lead_id, value in values.items() if value is None}
    _logger.info("crm.lead.%s: %s values adopted, %s kept aside", field.name, len(values) - len(lost), len(lost))
    if lost:
        _write(env, _get_legacy_field(env, field), lost)
    # Only what shows the values is ours to change: filters, exports and views refer to the field itself.
    env.cr.execute(SQL("DELETE FROM ir_model_fields_selection WHERE field_id = %s", field.id))
    column = SQL.identifier(field.name)
    env.cr.execute(SQL("ALTER TABLE crm_lead DROP COLUMN IF EXISTS %s", column))
    env.cr.execute(SQL("ALTER TABLE crm_lead ADD COLUMN %s %s", column, SQL(_COLUMNS[field.name])))
    _write(env, field.name, {lead_id: value for lead_id, value in values.items() if value is not None})


def _read_texts(env, field):
    """What the field holds, as text people read, by lead id; empty values are left out."""
    if field.ttype == "many2many":
        return _read_many(env, field)
    columns = sql.table_columns(env.cr, "crm_lead")
    if field.name not in columns or field.ttype not in (*_SCALARS, "many2one"):
        raise UserError(
            env._(
                "Leads have a field “%(name)s” of the type %(type)s, made by hand. What it holds cannot be kept in the "
                "field of that name that this app brings: rename it first.",
                name=field.name,
                type=field.ttype,
            )
        )
    column = SQL.identifier(field.name)
    value = SQL("%s::text", column)
    if columns[field.name]["udt_name"] == "jsonb":
        # Translated, or different in each company.
        value = SQL("COALESCE(%s->>'en_US', (SELECT value FROM jsonb_each_text(%s) LIMIT 1))", column, column)
    env.cr.execute(SQL("SELECT id, %s FROM crm_lead WHERE %s IS NOT NULL", value, column))
    texts = {lead_id: text for lead_id, text in env.cr.fetchall() if text}
    if field.ttype in ("integer", "float", "monetary"):
        # Odoo has no empty numbers.
        texts = {lead_id: text for lead_id, text in texts.items() if float(text)}
    if field.ttype == "many2one":
        names = _get_names(env, field.relation, {int(text) for text in texts.values()})
        texts = {lead_id: names[int(text)] for lead_id, text in texts.items() if int(text) in names}
    if field.ttype == "selection":
        labels = {option.value: option.name for option in field.selection_ids}
        is_clear = _to_quality if field.name == "x_quality_score" else lambda _text: None
        texts = {lead_id: text if is_clear(text) else labels.get(text, text) for lead_id, text in texts.items()}
    return texts


def _read_many(env, field):
    env.cr.execute(
        SQL(
            "SELECT %s, array_agg(%s) FROM %s GROUP BY 1",
            SQL.identifier(field.column1),
            SQL.identifier(field.column2),
            SQL.identifier(field.relation_table),
        )
    )
    linked = dict(env.cr.fetchall())
    names = _get_names(env, field.relation, {each for ids in linked.values() for each in ids})
    return {lead_id: ", ".join(names[each] for each in ids if each in names) for lead_id, ids in linked.items()}


def _get_names(env, model, ids):
    return {record.id: record.display_name for record in env[model].browse(ids).exists()}


def _get_legacy_field(env, field):
    """The name of the manual field that keeps what the adopted one cannot hold."""
    name = f"{field.name}_legacy"
    if not env["ir.model.fields"]._get("crm.lead", name):
        env["ir.model.fields"].create(
            {
                "model_id": field.model_id.id,
                "name": name,
                "ttype": "char",
                "field_description": env._("%s (as it was)", field.field_description),
            }
        )
    return name


def _write(env, name, values):
    """Set a column of leads: values by lead id."""
    env.cr.execute(
        SQL(
            """UPDATE crm_lead SET %(column)s = new.value
                 FROM (SELECT unnest(%(ids)s::int[]) AS id, unnest(%(values)s::text[])::%(type)s AS value) new
                WHERE crm_lead.id = new.id""",
            column=SQL.identifier(name),
            ids=list(values),
            values=[str(value) for value in values.values()],
            type=SQL(_COLUMNS.get(name, "varchar")),
        )
    )


def _to_share(text):
    """``0.85``, ``0,85``, ``85`` or ``85 %`` → 0.85; None when it is no share."""
    number = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*(%?)", text.strip())
    if not number:
        return None
    value = float(number.group(1).replace(",", "."))
    value = value / 100 if number.group(2) or value > 1 else value
    return value if value <= 1 else None


def _to_quality(text):
    return _QUALITY_WORDS.get(" ".join(re.findall(r"[^\W\d_]+", fold(text))))
