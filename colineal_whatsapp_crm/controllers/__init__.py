from . import reviewed, webhook
