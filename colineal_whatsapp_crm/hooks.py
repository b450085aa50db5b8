from odoo.tools import convert_file

#: Words that belong to the shop once they are installed: people change and delete them, and no upgrade brings them back.
_SHIPPED_WORDS = ("whatsapp.city", "whatsapp.interest", "whatsapp.assistant.wording")

_SCORING_FIELDS = ("x_quality_score", "x_product_interest", "source_id")


def post_init_hook(env):
    """Load the vocabulary and the wordings from the files that the understanding also reads without Odoo."""
    for model in _SHIPPED_WORDS:
        convert_file(env, "colineal_whatsapp_crm", f"data/{model}.csv", None, "init", noupdate=True)
    _add_scoring_fields(env)
    _add_segments(env)


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


def _add_segments(env):
    """Favourites on leads that everybody has, in the company's language: the shop's to change and delete from then on."""
    env = env(context={**env.context, "lang": env.company.partner_id.lang})
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
