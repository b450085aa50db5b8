"""The check that keeps one model in one room."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from devtools.check_structure import check

MODEL = """
from odoo import fields, models

class Talk(models.Model):
    {name} = "talk"
{body}
"""


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return list(check(folder))


def part(body, name="_inherit"):
    return MODEL.format(name=name, body=body)


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        (
            {
                "models/talk/base.py": part("    def close(self):\n        pass", "_name"),
                "models/talk/inbox.py": part("    def close(self):\n        return super().close()"),
            },
            "talk.close is written again",
        ),
        (
            {
                "models/talk/base.py": part("    state = fields.Char()", "_name"),
                "models/talk/inbox.py": part("    state = fields.Char(index=True)"),
            },
            "talk.state is written again",
        ),
        *(
            (
                {
                    "models/talk/base.py": part(f"    words{field}", "_name"),
                    "models/talk/inbox.py": part(f"    words{field}"),
                },
                "talk.words is written again",
            )
            for field in (
                " = accent_insensitive.Char(readonly=True)",
                " = accent_insensitive.Text()",
                " = FailureText(readonly=True)",
                ": str = fields.Char()",
                " = models.Index('(words)')",
                " = lambda self: None",
                " = api.model(say)",
            )
        ),
        (
            {
                "models/talk/base.py": part("    def close(self):\n        pass", "_name"),
                # Odoo makes the name of the class's, not of what it inherits.
                "models/talk/inbox.py": part("    def close(self):\n        pass").replace('"talk"', '["mail.thread"]'),
            },
            "talk.close is written again",
        ),
        (
            {
                "models/talk/base.py": part("    def close(self):\n        pass", "_name"),
                "models/talk/inbox.py": part("    if True:\n        def close(self):\n            pass"),
            },
            "talk.close is written again",
        ),
        (
            {
                "models/talk/base.py": part("", "_name"),
                "models/inbox.py": part("    _inherit: list = ['talk', 'mail.thread']", "_description"),
            },
            "talk is written in 2 rooms",
        ),
        (
            {"models/talk/base.py": part("", "_name"), "models/inbox.py": part("    seen = fields.Char()")},
            "talk is written in 2 rooms",
        ),
        ({"models/talk.py": "from ..controllers.webhook import PATH"}, "models imports controllers.webhook"),
        ({"lib/clock.py": "from ..models import talk"}, "lib imports models"),
        ({"jobs/worker.py": "from .. import report"}, "jobs imports report"),
        ({"jobs/worker.py": "from odoo.addons.colineal_whatsapp_crm import report"}, "jobs imports report"),
        ({"jobs/worker.py": "import odoo.addons.colineal_whatsapp_crm.report.kpis"}, "jobs imports report.kpis"),
        ({"gateway/media.py": "from ..jobs.outbox import WINDOW"}, "gateway imports jobs.outbox"),
        (
            {"tests/__init__.py": "from . import test_talk", "tests/test_talk.py": "", "tests/test_walk.py": ""},
            "tests/test_walk.py: is not in the list",
        ),
    ],
)
def test_fault_is_found(tmp_path, files, fault):
    (found,) = write(tmp_path, files)
    assert fault in found


def test_good_order_is_left_alone(tmp_path):
    files = {
        "models/talk/base.py": part("    def close(self):\n        self._on_closed()", "_name"),
        "models/talk/inbox.py": part("    def write(self, vals):\n        return super().write(vals)"),
        "models/talk/live.py": part("    _order = 'id'\n    _seen = frozenset()", "_inherit"),
        "models/talk/thread.py": part("    _order = 'name'\n    _seen = frozenset()", "_inherit"),
        "models/mixed.py": part("    _inherit = ['talk', 'mail.thread']", "_name").replace('"talk"', '"mixed"'),
        "models/inherited/crm_lead.py": "from ...jobs import outbox\nfrom ..talk import base",
        "report/talk_report.py": "from ..models.talk import base",
        "controllers/webhook.py": "from ..lib import clock\nfrom ..gateway.signature import check",
        "jobs/outbox.py": "from ..gateway import delivery\nfrom ..understanding import State",
        "tests/__init__.py": "from . import (\n    test_talk,\n)",
        "tests/common.py": "",
        "tests/test_talk.py": "",
    }
    assert write(tmp_path, files) == []
