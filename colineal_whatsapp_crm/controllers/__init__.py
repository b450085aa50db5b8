from . import api, api_docs, exports, ticket_thread, webhook
