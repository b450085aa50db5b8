# What others inherit from comes first.
from . import whatsapp_compiled_mixin  # isort: split
from . import whatsapp_vocabulary_mixin  # isort: split
from . import (
    crm_lead,
    ir_cron,
    ir_http,
    res_partner,
    whatsapp_assistant,
    whatsapp_assistant_model,
    whatsapp_assistant_wording,
    whatsapp_city,
    whatsapp_classification,
    whatsapp_classification_report,
    whatsapp_contact,
    whatsapp_conversation,
    whatsapp_conversation_lead,
    whatsapp_conversation_message,
    whatsapp_conversation_reply,
    whatsapp_drafts,
    whatsapp_interest,
    whatsapp_media,
    whatsapp_model_call,
    whatsapp_outbox,
    whatsapp_review,
    whatsapp_sender,
    whatsapp_sender_health,
    whatsapp_worker,
)
