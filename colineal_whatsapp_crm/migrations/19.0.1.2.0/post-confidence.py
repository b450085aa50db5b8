def migrate(cr, version):
    """Confidence says how likely a reading is right, and is lower: who had the old proposal gets the new one."""
    cr.execute("UPDATE whatsapp_assistant SET unsure_percent = 20 WHERE unsure_percent = 50")
