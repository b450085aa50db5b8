from . import api, api_docs, exports, webhook
