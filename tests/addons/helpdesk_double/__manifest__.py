{
    "name": "Tickets for tests",
    "summary": "The model of tickets as Odoo Enterprise's Helpdesk has it, with what it asks of a ticket",
    "version": "19.0.1.0.0",
    "license": "OPL-1",
    "author": "Colineal",
    "depends": ["mail"],
    "data": ["security/ir.model.access.csv"],
}
