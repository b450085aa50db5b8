"""Fed to `odoo shell`: make the web client's files now, so that the first page does not wait for them.

For tests this matters more: what one test's transaction makes is gone with it, and made again by the next.
"""

for bundle in (
    "web.assets_frontend",
    "web.assets_frontend_minimal",
    "web.assets_frontend_lazy",
    "web.assets_web",
    "web.assets_web_print",
    "web.assets_backend_lazy",
    "web.chartjs_lib",
    "mail.assets_lamejs",
    "web.assets_emoji",
    "web.assets_tests",
    "bus.websocket_worker_assets",
    "mail.assets_public",
    "web.assets_unit_tests",
    "web.assets_unit_tests_setup",
):
    files = env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=True)  # noqa: F821
    files.js()
    files.css()
env.cr.commit()  # noqa: F821
