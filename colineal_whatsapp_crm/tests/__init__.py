from . import (
    test_access,
    test_assistant,
    test_conversation,
    test_ephemeral,
    test_gateway,
    test_health,
    test_lead,
    test_outbox,
    test_playbook,
    test_scale,
    test_translations,
    test_webhook,
)
