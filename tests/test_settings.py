"""What stands in Odoo's configuration file."""

import requests
from server import OdooServer


def test_own_section_counts_and_odoo_does_not_mind_it(tmp_path):
    file = tmp_path / "odoo.conf"
    file.write_text("[options]\nlist_db = False\n\n[colineal_whatsapp_crm]\napi_rate_limit = 2\n")
    server = OdooServer(tmp_path, env={"REDIS_URL": ""}, options=(f"--config={file}",))
    try:
        server.start()
        answers = [requests.get(f"{server.url}/system/status", timeout=60).status_code for _number in range(3)]
        assert answers == [200, 200, 429]
        assert "unknown option" not in server.log.read_text()
    finally:
        server.discard()
