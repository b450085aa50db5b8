def migrate(cr, version):
    """Columns could be written by hand before: what points to another's thread or activity points to nothing again."""
    cr.execute(
        """UPDATE whatsapp_conversation conversation SET channel_id = NULL
             FROM discuss_channel channel
            WHERE channel.id = conversation.channel_id
              AND (channel.channel_type != 'whatsapp_crm'
                   OR channel.whatsapp_contact_id IS DISTINCT FROM conversation.contact_id
                   OR channel.whatsapp_sender_id IS DISTINCT FROM conversation.sender_id)"""
    )
    cr.execute(
        """UPDATE whatsapp_conversation conversation SET handover_activity_id = NULL
             FROM mail_activity activity
            WHERE activity.id = conversation.handover_activity_id
              AND (activity.res_model IS DISTINCT FROM 'whatsapp.conversation'
                   OR activity.res_id IS DISTINCT FROM conversation.id)"""
    )
    # Nor does a thread of another kind take in what a customer writes.
    cr.execute(
        """UPDATE discuss_channel
              SET whatsapp_contact_id = NULL, whatsapp_sender_id = NULL, whatsapp_conversation_id = NULL
            WHERE channel_type != 'whatsapp_crm' AND whatsapp_contact_id IS NOT NULL"""
    )
