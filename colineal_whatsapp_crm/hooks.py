import csv

from odoo.tools import convert_file, file_open

from .adoption import adopt_manual_fields, release_fields

#: Words that belong to the shop once they are installed: people change and delete them, and no upgrade brings them back.
_SHIPPED_WORDS = ("whatsapp.city", "whatsapp.interest", "whatsapp.assistant.wording")

_OWN_SCORING_FIELDS = ("x_quality_score", "x_product_interest")
_SCORING_FIELDS = (*_OWN_SCORING_FIELDS, "source_id")


def pre_init_hook(env):
    adopt_manual_fields(env)


def post_init_hook(env):
    """Load the vocabulary and the wordings from the files that the understanding also reads without Odoo."""
    for model in _SHIPPED_WORDS:
        convert_file(env, "colineal_whatsapp_crm", f"data/{model}.csv", None, "init", noupdate=True)
    _add_scoring_fields(env)


def _add_scoring_fields(env):
    """Let CRM's predictive scoring look at what conversations tell, beside all that it looks at already."""
    parameters = env["ir.config_parameter"]
    used = [name for name in (parameters.get_param("crm.pls_fields") or "").split(",") if name]
    offered = env["crm.lead.scoring.frequency.field"]
    for name in _SCORING_FIELDS:
        field = env["ir.model.fields"]._get("crm.lead", name)
        if not offered.search_count([("field_id", "=", field.id)], limit=1):
            offered.create({"field_id": field.id})
    parameters.set_param("crm.pls_fields", ",".join([*used, *(name for name in _SCORING_FIELDS if name not in used)]))


def uninstall_hook(env):
    """Leave the shop its leads with all that stands on them, and no trace of its customers in Discuss."""
    env["whatsapp.contact"].search([]).guest_id.unlink()
    parameters = env["ir.config_parameter"]
    used = (parameters.get_param("crm.pls_fields") or "").split(",")
    parameters.set_param("crm.pls_fields", ",".join(name for name in used if name and name not in _OWN_SCORING_FIELDS))
    env["crm.lead.scoring.frequency.field"].search([("field_id.name", "in", _OWN_SCORING_FIELDS)]).unlink()
    release_fields(env)


def add_wordings(env, situations):
    """Give the assistants of an earlier version the delivered wordings of situations that are new.

    Those that people have changed or deleted since stay as they are.
    """
    with file_open("colineal_whatsapp_crm/data/whatsapp.assistant.wording.csv", "r") as file:
        rows = [row for row in csv.DictReader(file) if row["situation"] in situations]
    for assistant in env["whatsapp.assistant"].with_context(active_test=False).search([]):
        known = set(assistant.wording_ids.mapped("situation"))
        env["whatsapp.assistant.wording"].create(
            [
                {
                    "assistant_id": assistant.id,
                    "sequence": int(row["sequence"]),
                    **{name: row[name] for name in ("situation", "language", "text")},
                }
                for row in rows
                if row["situation"] not in known
            ]
        )
