from . import (
    job_failure,
    media_fetcher,
    outbox,
    reply_drafter,
    twilio_erasure,
    typing_indicator,
    webhook_delivery,
    worker,
)
