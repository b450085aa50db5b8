from . import whatsapp_bench_message
