from . import api, api_docs, reviewed, webhook
