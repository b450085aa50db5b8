from . import models  # isort: split
from . import controllers, jobs, report, wizards
from .hooks import post_init_hook, pre_init_hook, uninstall_hook
