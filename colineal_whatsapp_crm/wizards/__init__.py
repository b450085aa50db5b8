from . import whatsapp_contact_erase
