"""The paths that others call, each written once."""

WEBHOOK_PATH = "/api/webhook/whatsapp"
STATUS_PATH = "/api/webhook/whatsapp/status"

#: Where reviewed conversations are downloaded.
REVIEWED_PATH = "/whatsapp/reviewed.jsonl"
