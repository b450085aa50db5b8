{
    "name": "The community's tickets for tests",
    "summary": "The model of tickets as the Odoo Community Association's helpdesk_mgmt has it: other names, and no number",
    "version": "19.0.1.0.0",
    "license": "OPL-1",
    "author": "Colineal",
    "depends": ["mail"],
    "data": ["security/ir.model.access.csv"],
}
