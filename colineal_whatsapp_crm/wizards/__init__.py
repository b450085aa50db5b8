from . import base_partner_merge
from . import whatsapp_contact_erase
from . import whatsapp_teaching
