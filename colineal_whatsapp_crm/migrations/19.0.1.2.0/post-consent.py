from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.hooks import add_wordings
from odoo.addons.colineal_whatsapp_crm.understanding.consent import OPT_INS, OPT_OUTS, read_phrases

_STRONG = ("customer", "refused", "colleague")


def migrate(cr, version):
    """Reasons for writing to somebody no more that a weaker one kept from being noted, where the ledger knows them."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    add_wordings(env, ("confirm_opt_out",))
    _add_phrases(env)
    _restore_lost(env)
    words, refused = _get_last_words(env), _get_refused(env)
    contacts = env["whatsapp.contact"].search([("opted_out_at", "!=", False), ("erased_at", "=", False)])
    reasons = {}
    for contact in contacts:
        if contact.id in words:
            reasons[contact] = "customer", words[contact.id]
        elif contact.id in refused:
            reasons[contact] = "refused", contact.opted_out_at
        elif contact.opt_out_reason in _STRONG:
            # What came of it in other companies was only that the number is on the blacklist.
            reasons[contact] = contact.opt_out_reason, contact.opted_out_at
    _opt_out_each(contacts, reasons)
    env["phone.blacklist"]._sync_opt_outs(env["phone.blacklist"].search([]).mapped("number"))


def _add_phrases(env):
    """Portuguese opt-outs, and their opposite: no shop has taken them off its lists, which never had them."""
    new = {
        "opt_out_words": (*OPT_OUTS["pt"], "PARAR", "REMOVER"),
        "opt_in_words": (*OPT_INS["pt"], "VOLVER A RECIBIR MENSAJES", "QUIERO VOLVER A RECIBIR MENSAJES"),
    }
    for assistant in env["whatsapp.assistant"].with_context(active_test=False).search([]):
        for name, phrases in new.items():
            # A list that was emptied is meant to be empty.
            if lines := (assistant[name] or "").splitlines():
                known = read_phrases(assistant[name])
                assistant[name] = "\n".join([*lines, *(each for each in phrases if not read_phrases(each) <= known)])


def _opt_out_each(contacts, reasons):
    """What `whatsapp.contact._opt_out` does, for many with a reason of their own each.

    reasons
        {contact: (reason, since)}.
    """
    people = contacts.browse(contact.id for contact in reasons)
    by_number = (people | people._get_same_number()).filtered("phone").grouped("phone")
    same = {
        contact: contact.union(*(by_number[form] for form in contact._get_all_numbers() if form in by_number))
        for contact in people
    }
    news = contacts.union(*same.values()).filtered(lambda contact: not contact.opted_out_at)
    learned = contacts.browse().union(*(same[each]._record_opt_out(*reasons[each]) for each in people))
    listed = set(contacts.env["phone.blacklist"].search([]).mapped("number"))
    learned.filtered(lambda contact: contact.phone not in listed)._blacklist()
    news.conversation_ids._cancel_replies()


def _get_last_words(env):
    """{contact: when they said so} of whose last message about being written to is that they want no more.

    Whoever allowed them messages after it is not known; but they are written to no more today.
    """
    env.flush_all()
    env.cr.execute(
        """SELECT contact.id, sender.assistant_id, line.body, line.create_date
             FROM whatsapp_contact contact
             JOIN whatsapp_conversation conversation ON conversation.contact_id = contact.id
             JOIN whatsapp_sender sender ON sender.id = conversation.sender_id
             JOIN whatsapp_conversation_message line ON line.conversation_id = conversation.id
            WHERE contact.opted_out_at IS NOT NULL AND line.direction = 'inbound' AND line.body != ''
         ORDER BY line.id"""
    )
    said = {}
    for contact_id, assistant_id, body, moment in env.cr.fetchall():
        assistant = env["whatsapp.assistant"].browse(assistant_id)
        if assistant._wants_in(body):
            said.pop(contact_id, None)
        elif assistant._wants_out(body):
            said[contact_id] = moment
    return said


def _get_refused(env):
    """The contacts to whom Twilio refused to deliver because they unsubscribed there."""
    env.cr.execute(
        """SELECT DISTINCT conversation.contact_id
             FROM whatsapp_conversation_message line
             JOIN whatsapp_conversation conversation ON conversation.id = line.conversation_id
            WHERE line.error_code = '21610'"""
    )
    return {row[0] for row in env.cr.fetchall()}


def _restore_lost(env):
    """Numbers that were on the blacklist, and were taken off when somebody who had blocked us wrote again.

    The job did that, so the entry's last change is the superuser's; and the customer has not asked for messages.
    """
    env.cr.execute(
        """SELECT contact.id, entry.id
             FROM whatsapp_contact contact
             JOIN phone_blacklist entry ON entry.number = contact.phone
            WHERE NOT entry.active AND entry.write_uid = %s AND contact.opted_out_at IS NULL
              AND EXISTS (SELECT 1
                            FROM whatsapp_conversation_message line
                            JOIN whatsapp_conversation conversation ON conversation.id = line.conversation_id
                           WHERE conversation.contact_id = contact.id AND line.error_code = '63014'
                             AND line.write_date <= entry.write_date)""",
        [SUPERUSER_ID],
    )
    for contact_id, entry_id in env.cr.fetchall():
        contact = env["whatsapp.contact"].browse(contact_id)
        entry = env["phone.blacklist"].with_context(active_test=False).browse(entry_id)
        words = contact.conversation_ids.line_ids.filtered(lambda line: line.direction == "inbound" and line.body)
        if not any(line.conversation_id.assistant_id._wants_in(line.body) for line in words):
            entry.active = True
