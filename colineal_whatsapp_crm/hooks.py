from odoo.tools import convert_file

#: Words that belong to the shop once they are installed: people change and delete them, and no upgrade brings them back.
_SHIPPED_WORDS = ("whatsapp.city", "whatsapp.interest", "whatsapp.assistant.wording")


def post_init_hook(env):
    """Load the vocabulary and the wordings from the files that the understanding also reads without Odoo."""
    for model in _SHIPPED_WORDS:
        convert_file(env, "colineal_whatsapp_crm", f"data/{model}.csv", None, "init", noupdate=True)
