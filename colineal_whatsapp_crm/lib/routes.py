"""The paths that others call, each written once."""

WEBHOOK_PATH = "/api/webhook/whatsapp"
STATUS_PATH = "/api/webhook/whatsapp/status"

#: What the paths of the HTTP API begin with.
API_BASES = ("/api/conversation", "/api/messages", "/api/analytics", "/api/health", "/system")

#: The WhatsApp thread of a ticket, whose number follows.
TICKET_PATH = "/whatsapp/ticket"

#: Where reviewed conversations are downloaded.
REVIEWED_PATH = "/whatsapp/reviewed.jsonl"
