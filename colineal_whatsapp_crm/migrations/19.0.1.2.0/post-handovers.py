def migrate(cr, version):
    """A hand-over was ten columns of its conversation: each that is waited for, or was, becomes a record of its own."""
    cr.execute("SELECT 1 FROM information_schema.columns WHERE table_name = %s AND column_name = %s", _AN_OLD_COLUMN)
    if not cr.fetchone():
        return
    # Of what has ended only the last is known, and not how.
    cr.execute(
        """INSERT INTO whatsapp_handover (conversation_id, company_id, reason, asked_at, turn_id, user_id, handed_at,
                                          answer_by, activity_id, ended_at, missed_count)
                SELECT id, company_id, COALESCE(handover_reason, 'waiting'), COALESCE(awaited_since, handed_at),
                       handover_turn_id, user_id, handed_at, CASE WHEN awaited_since IS NOT NULL THEN answer_by END,
                       handover_activity_id,
                       CASE WHEN awaited_since IS NULL THEN COALESCE(first_person_at, write_date) END, 0
                  FROM whatsapp_conversation
                 WHERE awaited_since IS NOT NULL OR (handover_reason IS NOT NULL AND handed_at IS NOT NULL)"""
    )
    cr.execute(
        """UPDATE whatsapp_conversation conversation SET handover_id = handover.id
             FROM whatsapp_handover handover
            WHERE handover.conversation_id = conversation.id AND handover.ended_at IS NULL"""
    )
    # Who is asked has the activity, and in a quiet hand-over not the conversation.
    cr.execute(
        """UPDATE whatsapp_handover handover SET user_id = activity.user_id
             FROM mail_activity activity WHERE activity.id = handover.activity_id"""
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


_AN_OLD_COLUMN = ("whatsapp_conversation", "awaited_since")
