from . import whatsapp_assistant
from . import whatsapp_bench_message
