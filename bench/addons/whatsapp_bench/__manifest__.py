{
    "name": "Benchmarks of Colineal WhatsApp CRM",
    "summary": "Routes and a slow model to measure against; never installed with the product",
    "version": "19.0.1.0.0",
    "license": "OPL-1",
    "author": "Colineal",
    "website": "https://www.colineal.com",
    "depends": ["colineal_whatsapp_crm"],
    "data": ["security/ir.model.access.csv"],
    "installable": True,
}
