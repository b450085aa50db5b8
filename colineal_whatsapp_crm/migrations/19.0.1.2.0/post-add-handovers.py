_AN_OLD_COLUMN = ("whatsapp_conversation", "awaited_since")


def migrate(cr, version):
    """A hand-over was ten columns of its conversation: each that is waited for, or was, becomes a record of its own.

    By its name the first of these scripts: the others open and end hand-overs.
    """
    cr.execute("SELECT 1 FROM information_schema.columns WHERE table_name = %s AND column_name = %s", _AN_OLD_COLUMN)
    if not cr.fetchone():
        return
    # Of what has ended only the last is known, and not how. Nobody is waited for by who wants no messages.
    cr.execute(
        """INSERT INTO whatsapp_handover (conversation_id, company_id, reason, called_at, turn_id, user_id, asked_at,
                                          answer_by, activity_id, ended_at, outcome, missed_count)
                SELECT old.id, old.company_id, COALESCE(old.handover_reason, 'waiting'),
                       COALESCE(old.awaited_since, old.handed_at), old.handover_turn_id,
                       -- Who is asked has the activity, and in a quiet hand-over not the conversation.
                       COALESCE(activity.user_id, old.user_id), old.handed_at,
                       CASE WHEN is_open THEN old.answer_by END, activity.id,
                       CASE WHEN NOT is_open THEN COALESCE(old.first_person_at, old.write_date) END,
                       CASE WHEN contact.opted_out_at IS NOT NULL THEN 'opted_out' END, 0
                  FROM whatsapp_conversation old
                  JOIN whatsapp_contact contact ON contact.id = old.contact_id
             LEFT JOIN mail_activity activity ON activity.id = old.handover_activity_id
                       AND activity.res_model = 'whatsapp.conversation' AND activity.res_id = old.id
            CROSS JOIN LATERAL (SELECT old.awaited_since IS NOT NULL AND contact.opted_out_at IS NULL) state(is_open)
                 WHERE old.awaited_since IS NOT NULL OR (old.handover_reason IS NOT NULL AND old.handed_at IS NOT NULL)"""
    )
    cr.execute(
        """UPDATE whatsapp_conversation conversation SET handover_id = handover.id
             FROM whatsapp_handover handover
            WHERE handover.conversation_id = conversation.id AND handover.ended_at IS NULL"""
    )
    cr.execute(
        """INSERT INTO whatsapp_handover_missed_rel (whatsapp_handover_id, res_users_id)
                SELECT handover.id, missed.res_users_id
                  FROM whatsapp_conversation_missed_rel missed
                  JOIN whatsapp_handover handover ON handover.conversation_id = missed.whatsapp_conversation_id
           ON CONFLICT DO NOTHING"""
    )
    cr.execute(
        """UPDATE whatsapp_handover handover
              SET missed_count = (SELECT count(*) FROM whatsapp_handover_missed_rel
                                   WHERE whatsapp_handover_id = handover.id)"""
    )
    cr.execute("ALTER TABLE whatsapp_conversation DROP COLUMN handover_reason, DROP COLUMN awaited_since")
