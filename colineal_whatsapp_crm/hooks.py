import csv

from odoo.fields import Domain
from odoo.tools import convert_file, file_open

from .manual_fields import adopt_manual_fields, release_fields

#: Words that belong to the shop once they are installed: people change and delete them, and no upgrade brings them back.
_SHIPPED_WORDS = ("whatsapp.city", "whatsapp.interest", "whatsapp.assistant.wording", "mail.canned.response")

_OWN_SCORING_FIELDS = ("x_quality_score", "x_product_interest")
_SCORING_FIELDS = (*_OWN_SCORING_FIELDS, "source_id")


def pre_init_hook(env):
    adopt_manual_fields(env)


def post_init_hook(env):
    """Load the vocabulary and the wordings from the files that the understanding also reads without Odoo."""
    for model in _SHIPPED_WORDS:
        load_words(env, model)
    _add_scoring_fields(env)
    # What comes as data is in English; from here on the name is the shop's.
    shop = _in_the_shops_language(env)
    env.ref("colineal_whatsapp_crm.whatsapp_assistant_sales").name = shop._("Sales assistant")
    add_segments(env)


def load_words(env, model):
    convert_file(env, "colineal_whatsapp_crm", f"data/{model}.csv", None, "init", noupdate=True)


def _in_the_shops_language(env):
    return env(context={**env.context, "lang": env.company.partner_id.lang})


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


def add_segments(env):
    """Favourites on leads that everybody has, in the company's language: the shop's to change and delete from then on."""
    env = _in_the_shops_language(env)
    open_lead = "('won_status', '=', 'pending')"
    segments = {
        env._(
            "WhatsApp: hot, without a salesperson"
        ): f"[('x_quality_score', '=', 'hot'), ('user_id', '=', False), {open_lead}]",
        env._("WhatsApp: urgent"): f"[('whatsapp_urgency', '=', 'high'), {open_lead}]",
        env._("WhatsApp: budget of more than $2000"): f"[('whatsapp_budget', '>', 2000), {open_lead}]",
        env._("WhatsApp: warm, to be won"): f"[('x_quality_score', '=', 'warm'), {open_lead}]",
        env._(
            "WhatsApp: hot and lost"
        ): "[('x_quality_score', '=', 'hot'), ('won_status', '=', 'lost'), ('active', '=', False)]",
    }
    env["ir.filters"].create(
        [
            {"name": name, "model_id": "crm.lead", "domain": domain, "user_ids": False}
            for name, domain in segments.items()
        ]
    )


def uninstall_hook(env):
    """Leave the shop its leads with all that stands on them, and no trace of its customers in Discuss."""
    env["whatsapp.contact"].search([]).guest_id.unlink()
    parameters = env["ir.config_parameter"]
    used = (parameters.get_param("crm.pls_fields") or "").split(",")
    parameters.set_param("crm.pls_fields", ",".join(name for name in used if name and name not in _OWN_SCORING_FIELDS))
    env["crm.lead.scoring.frequency.field"].search([("field_id.name", "in", _OWN_SCORING_FIELDS)]).unlink()
    _remove_what_names_our_fields(env)
    release_fields(env)
    # These records go with their tables: one by one, those could not be deleted that others point to, and Odoo would
    # log an error for each.
    env["ir.model.data"].search([("module", "=", "colineal_whatsapp_crm"), ("model", "=like", "whatsapp.%")]).unlink()


def _remove_what_names_our_fields(env):
    """Favourites and export lists of people: Odoo keeps them, and would fail where one is opened."""
    filters = env["ir.filters"].with_context(active_test=False)
    filters.search(
        Domain("model_id", "=like", "whatsapp.%")
        | Domain.OR(
            Domain(name, "like", f"{quote}whatsapp\\_") for name in ("domain", "context", "sort") for quote in "'\""
        )
    ).unlink()
    env["ir.exports"].search([("resource", "=like", "whatsapp.%")]).unlink()
    env["ir.exports.line"].search([("name", "=like", "whatsapp\\_%")]).unlink()


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
                    "fallback": row["fallback"] == "True",
                    **{name: row[name] for name in ("situation", "language", "text")},
                }
                for row in rows
                if row["situation"] not in known
            ]
        )
