# What others inherit from comes first.
from . import mixins  # isort: split
from . import (
    advertisement,
    assistant,
    city,
    classification,
    contact,
    conversation,
    followup,
    handover,
    inherited,
    interest,
    message,
    model_call,
    phrase,
    sender,
    shop,
    simulator,
    synonym,
    system_status,
    template,
    webhook,
)
