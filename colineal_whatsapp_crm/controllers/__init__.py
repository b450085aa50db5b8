from . import api_dispatcher  # isort: split
from . import api, api_docs, reviewed, webhook
