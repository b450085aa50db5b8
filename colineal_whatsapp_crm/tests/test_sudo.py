import ast
from collections import Counter
from pathlib import Path

from odoo.tests import BaseCase, tagged

ADDON = Path(__file__).parents[1]
FOLDERS = ("controllers", "jobs", "models", "report", "wizards")

# How a private method is known to be right, where it has no check of its own.
CALLER = "private: who calls it has checked the conversation, or is the worker"
OWN = "reads the user's own, whatever else"
WORDS = "reads words or figures that name no customer"

#: Where the addon goes past the user's rights, by class and method: how often, and why that is safe: the check that
#: comes before it on the very record, or what keeps outsiders away. `_checked_sudo`, which checks by itself, is none.
SUDO = {
    "erase_around": (3, "private: the wizard and the daily job have checked the right to erase the records"),
    "erase_with_files": (1, "private: as erase_around, which calls it"),
    "CrmLead._merge_dependences": (
        1,
        "Odoo merges leads that the user reads, and writes the one that stays as the user",
    ),
    "CrmLead.write": (
        2,
        "after super() has let the user change the lead: who gets it gets the activity, and an end ends it",
    ),
    "CrmLead.unlink": (1, "what super() then lets the user delete: who was called for it is called no more"),
    "CrmLead.action_write_on_whatsapp": (1, "contacts of conversations read as the user; _open_thread asks for more"),
    "CrmTeam._find_for_whatsapp": (1, CALLER),
    "CrmTeam._pick_for_whatsapp": (1, CALLER),
    "CrmTeamMember._accepts_for_whatsapp": (1, CALLER),
    "CrmTeamMember._get_next_for_whatsapp": (
        2,
        "private: counts conversations and activities of colleagues, and tells whose turn it is",
    ),
    "DiscussChannel._absorb_whatsapp": (1, "private: as WhatsappContact._absorb_threads, which calls it"),
    "DiscussChannel._check_can_update_message_content": (2, "only asks whether the message is one of the ledger"),
    "DiscussChannel._check_whatsapp_writer": (1, "the check itself: only the system need not ask"),
    "DiscussChannel._compute_display_name": (2, "looks at who may see the thread, and names it to nobody else"),
    "DiscussChannel._get_allowed_message_params": (1, "only asks what kind of channel it is"),
    "DiscussChannel._get_as_whatsapp_writer": (1, "gives the conversation back with the user's own rights"),
    "DiscussChannel._get_whatsapp_companies": (1, "gives back the user's own companies"),
    "DiscussChannel._get_whatsapp_store_fields": (1, "the state of a thread that a rule lets the user see"),
    "DiscussChannel._is_for_customer": (1, "what the system posts is not a person's"),
    "DiscussChannel._mail_get_operation_for_mail_message_operation": (1, "only asks what kind of channel it is"),
    "DiscussChannel._may_see_whatsapp": (2, "tells whether a colleague has access to conversations of the company"),
    "DiscussChannel.message_post": (1, "_check_whatsapp_writer before it; Odoo's own notices are its own sudo"),
    "DiscussChannel._show_typing_to_customer": (1, "_may_write_whatsapp before it, of the same thread"),
    "DiscussChannelMember.create": (1, "only asks what kind of channel it is"),
    "IrActionsServer._run_action_whatsapp_message_multi": (
        2,
        "the files of the action that runs, and a note on the record that it runs on",
    ),
    "IrActionsServer._send_whatsapp": (3, "only asks who looks after the record; writes with that user's rights"),
    "WhatsappConversation._find_sent_before": (1, "private: what the user has sent themselves"),
    "WhatsappConversation._send_from_outside": (
        1,
        "message_post has checked that the user may write, of its own lines",
    ),
    "WhatsappWebhook._check_secret": (1, "looks at what was just written, to check it"),
    "WhatsappWebhook._gc_deliveries": (1, "private: a job, of what is old"),
    "WhatsappWebhook._get_subscribers": (1, "private: ids of webhooks, shown to nobody"),
    "WhatsappWebhook._note_failure": (1, "private: a job, of who may see to it"),
    "WhatsappWebhook._tell": (1, "private: the event has happened, whoever made it happen"),
    "WhatsappWebhook.action_ping": (1, "_checked_sudo before it, of the same webhooks"),
    "WhatsappWebhookDelivery._begin_calls": (1, "private: a job"),
    "WhatsappWebhookDelivery._get_record": (1, "private: a job, of what its company's program is told"),
    "WhatsappWebhookDelivery._record_outcome": (1, "private: a job"),
    "IrAttachment._delete_and_notify": (1, "only asks whether the customer has the file"),
    "_is_waiting": (1, "only asks whether a file waits in a composer"),
    "IrAttachment._to_store_defaults": (2, "name, kind and size of a file that the user just put into a composer"),
    "BasePartnerMergeAutomaticWizard._merge": (1, "looks at who is merged, to refuse it"),
    "is_kept": (1, "only asks what kind of channel it is"),
    "_may_say": (1, "asks with the rights of who wrote an e-mail"),
    "MailMessage._check_made_by_posting": (3, "the check itself: only the system need not ask"),
    "MailMessage._get_forbidden_access": (1, "only asks whether the message is in a customer's thread"),
    "MailMessage._get_search_domain_share": (1, "leaves threads out of what is found"),
    "MailScheduledMessage._check": (3, "the check itself: only the system need not ask"),
    "MailScheduledMessage._check_author": (1, "looks at the author, to refuse it"),
    "MailThread._routing_check_route": (1, "looks at who wrote an e-mail, to refuse it"),
    "MailMessage._check_not_whatsapp": (1, "only asks whether the message is in a customer's thread"),
    "MailMessage._get_whatsapp_store_field": (3, "what a message that the user reads shows beside its words"),
    "MailMessage._message_reaction": (1, "only asks whether the message is in a customer's thread"),
    "DiscussChannel._generate_avatar": (1, "the photo in a thread that the user opens"),
    "DiscussChannel._get_whatsapp_conversation": (1, "message_post has checked that the user may write"),
    "IrHttp._pre_dispatch": (1, "reads the installed languages"),
    "PhoneBlacklist._sync_opt_outs": (2, "private: the blacklist was written by who may"),
    "ResPartner._compute_whatsapp_opted_out": (1, "tells yes or no, to the sales team, of their own companies"),
    "ResPartner._get_whatsapp_traits": (1, "private: compares them before and after super() has written the partner"),
    "ResPartner._move_company_timezone": (1, "as a dependency would: after super() has let the user write the partner"),
    "ResPartner._link_whatsapp": (1, "private: after super() has let the user write the partner; links by number only"),
    "ResPartner.unlink": (1, "what it does is undone where super() does not let the user delete the partner"),
    "ResPartner._get_whatsapp_contacts": (1, "private: _open_thread shows of these what the user may read"),
    "ResCompany._compute_whatsapp_timezone": (1, "asks whether the user may write the company"),
    "ResCompany._get_contact_ids": (1, "private: which contacts are companies' own, shown to nobody"),
    "ResCompany._get_whatsapp_timezone": (2, WORDS),
    "ResUsers._get_whatsapp_traits": (1, "private: compares them before and after super() has written the user"),
    "ResUsers._split_by_reach": (1, CALLER),
    "WhatsappAccessMixin._check_links": (1, "looks at what was just written, to check it as the user"),
    "WhatsappAccessMixin._checked_sudo": (1, "check_access before it"),
    "WhatsappAccessMixin.default_get": (3, "the system's defaults in place of the user's own"),
    "WhatsappAssistant._alert": (1, "private: one activity on the assistant"),
    "WhatsappAssistant._compute_usage": (1, WORDS),
    "WhatsappAssistant._get_broken": (1, WORDS),
    "WhatsappAssistant._get_model": (1, "private: the key goes to the model's client, and is shown nowhere"),
    "WhatsappAssistant._get_partner": (2, "private: the assistant's author, made once"),
    "ResourceCalendar._describe_for_whatsapp": (1, "the hours that customers are told"),
    "WhatsappAssistant._compile_vocabulary": (3, WORDS),
    "WhatsappClassification._reread": (
        3,
        "private: messages of the user's companies; the wizard shows those that the user may read, and counts the others",
    ),
    "WhatsappAssistant._resolve_alert": (1, "private: one activity on the assistant"),
    "WhatsappAssistant._close_fault_activities": (2, "private: activities about texts that were mended"),
    "WhatsappAssistant._report_faults": (1, "private: one activity on the assistant"),
    "WhatsappCity._get_places": (1, WORDS),
    "WhatsappContact._apply_known_opt_outs": (
        3,
        "private: after super() has let the user create the contacts; only who must not be written to changes",
    ),
    "WhatsappContact._check_partner": (1, "a rule about the partner that was just set"),
    "WhatsappContact._get_guest": (2, CALLER),
    "WhatsappContact._open_thread": (3, "asks for the right to read conversations, then shows one the user may read"),
    "WhatsappContact._get_address_words": (1, "private: what is left out of logs and errors"),
    "WhatsappContact._opt_in": (2, "private: action_opt_in has checked contact and group, or the customer said so"),
    "WhatsappContact._absorb": (1, "private: as _absorb_threads"),
    "WhatsappContact._absorb_threads": (3, "private: the worker makes one contact of two, on Twilio's word"),
    "WhatsappContact._blacklist": (1, "private: action_opt_out has checked the contact, or the customer said so"),
    "WhatsappContact._follow_blacklist": (1, "private: only asks the blacklist, of the worker's contact"),
    "WhatsappContact._get_id_accounts": (1, "private: only tells whether two contacts are two people"),
    "WhatsappContact._link_partner": (1, "private: only asks whether somebody else is that partner already"),
    "WhatsappContact._link_told_partner": (1, "private: only asks whether that partner is on WhatsApp already"),
    "WhatsappContentButton._check_unlocked": (1, "only asks what state the template is in, to refuse what is locked"),
    "WhatsappContentButton.write": (1, "only asks what state the template is in, to refuse what is locked"),
    "WhatsappContentTemplate.write": (1, "only asks what state the template is in, to refuse what is locked"),
    "WhatsappContentVariable._check_unlocked": (1, "only asks what state the template is in, to refuse what is locked"),
    "WhatsappContentVariable.write": (1, "only asks what state the template is in, to refuse what is locked"),
    "WhatsappContact._get_marketing_fault": (1, "private: counts what colleagues have sent, and tells no words of it"),
    "WhatsappContact._get_same_number": (1, "private: a wish counts for the person, whichever company knows them"),
    "WhatsappContact._pass_on_messages": (1, "private: who calls it deletes the partner, or is refused"),
    "WhatsappConversationMessage._find_product_names": (
        2,
        "private: names of products, which the catalogue shows to anybody",
    ),
    "WhatsappConversation._browse_tickets": (1, "private: a ticket is shown by its own rights"),
    "WhatsappConversation._find_of_ticket": (1, "after the right to read the ticket, whose conversations these are"),
    "WhatsappConversation._create_ticket": (1, "private: of a case that the caller hands over"),
    "WhatsappConversation._find_ticket_channel": (1, "private: what a ticket is said to come from"),
    "WhatsappConversation._get_written_number": (1, "private: the outbox, of the customer's own last message"),
    "WhatsappConversationMessage._copy_files_to_ticket": (
        3,
        "private: to the ticket of the message's own conversation",
    ),
    "WhatsappConversationMessage._correct_in_ticket": (1, "private: the worker, when the customer changed a message"),
    "WhatsappConversationMessage._erase_in_ticket": (
        1,
        "private: as WhatsappConversation._erase_words, which calls it",
    ),
    "WhatsappConversationMessage._get_author_name": (1, "private: the name of the colleague who wrote"),
    "WhatsappConversationMessage._list_for_ticket": (
        2,
        "private: of conversations that _find_of_ticket gave, with the files of the ticket itself",
    ),
    "WhatsappConversationMessage._list_pointed_at": (1, "private: the worker, when the customer took something back"),
    "WhatsappConversationMessage._note_on_ticket": (1, "private: on the ticket of the message's own conversation"),
    "WhatsappConversationMessage._prepare_author": (1, "private: the name of the colleague who wrote"),
    "WhatsappConversation._attribute": (1, "private: the worker, of messages that just came"),
    "WhatsappConversation._attribute_click": (2, "private: the worker, of messages that just came"),
    "WhatsappConversation._was_clicked_before": (2, "private: the worker, of messages that just came"),
    "WhatsappConversation._note_other_advertisement": (1, "private: names the conversation's own advertisement"),
    "WhatsappConversation._asks_to_be_written_to": (1, "private: the worker, of the customer's own messages"),
    "WhatsappConversation._get_other_team": (1, CALLER),
    "WhatsappConversation._check_can_be_assigned": (2, "tells whether a colleague is in Sales"),
    "WhatsappConversation._pick_assignee": (1, CALLER),
    "WhatsappConversation._compute_is_followed": (1, OWN),
    "WhatsappConversation._correct": (1, "private: the ORM has checked the fields that it is the inverse of"),
    "WhatsappConversation._filter_teams": (1, CALLER),
    "WhatsappConversation._find_channel": (2, CALLER),
    "WhatsappConversation._follow_consent_requests": (1, "private: the worker, of messages that just came"),
    "WhatsappConversation._get_channel": (3, CALLER),
    "WhatsappConversation._get_known_words": (2, "private: what is not to be told in logs and errors"),
    "WhatsappConversation._get_leader": (2, CALLER),
    "WhatsappConversation._get_partner": (1, CALLER),
    "WhatsappConversation._get_filled_placeholders": (2, CALLER),
    "WhatsappConversation._get_open_one": (
        1,
        "private: send_template has checked that the user may write, and does again",
    ),
    "WhatsappConversation._get_salesperson": (2, CALLER),
    "WhatsappConversation._get_silence_source": (2, "why the conversation is silent, to who reads it"),
    "WhatsappConversation._get_departed": (1, "private: a job, of who has open conversations"),
    "WhatsappContact._recall_erased_opt_out": (1, "private: as _apply_known_opt_outs"),
    "WhatsappContact._find_erased_opt_outs": (
        1,
        "private: of ids that the worker was just told, or of who may be asked",
    ),
    "WhatsappContact._was_taken_off_blacklist": (1, "private: only asks the blacklist, of the worker's contact"),
    "WhatsappConversation._assign_lead_to": (1, CALLER),
    "WhatsappConversation._write_internal_note": (1, CALLER),
    "WhatsappConversation._get_activity_record": (1, CALLER),
    "WhatsappConversation._is_known_otherwise": (1, "private: compares a value that the user may write with the chat"),
    "WhatsappConversation._on_reopened": (1, "private: action_reopen has checked the user's right to write"),
    "WhatsappConversation._is_seen_by": (2, "looks with the other user's own rights"),
    "WhatsappConversation._message_auto_subscribe_notify": (1, "which users are to be told"),
    "WhatsappConversation._mark_changed": (1, "tells ids, to who may see them"),
    "WhatsappConversation._simulate_handover": (1, CALLER),
    "WhatsappConversation._reassign": (1, "private: a job, of the lead of a conversation that somebody left"),
    "WhatsappConversation._ring": (4, CALLER),
    "WhatsappConversation._run_action": (1, "private: the worker runs one of the six actions"),
    "WhatsappConversation._say_error": (1, "reads what a field is called"),
    "WhatsappConversation._search_tags": (1, CALLER),
    "WhatsappConversation._send_template": (
        1,
        "_check_template_may_go before it, and the template is one that the user reads",
    ),
    "WhatsappConversation._send_by_person": (1, "message_post has checked that the user may write"),
    "WhatsappConversation._end_handover": (2, CALLER),
    "WhatsappConversation._take_over": (2, CALLER),
    "WhatsappConversation._broadcast_state": (
        1,
        "tells members of a thread, whom a rule lets see it, what the conversation is like",
    ),
    "WhatsappConversation._broadcast_pending": (1, "tells ids, to who may see them"),
    "WhatsappConversationMessage.action_translate": (1, "after the rights to read it and to write in its conversation"),
    "WhatsappConversationMessage._list_wanted_files": (1, CALLER),
    "WhatsappConversationMessage._describe_faults": (1, CALLER),
    "WhatsappConversationMessage.action_create_contact": (
        4,
        "after the right to read the message; the contact is found and made as the user",
    ),
    "WhatsappConversationMessage._show_correction": (1, CALLER),
    "WhatsappConversationMessage._goes_onto_another": (1, CALLER),
    "WhatsappConversationMessage._get_target": (2, CALLER),
    "WhatsappConversationMessage._get_position": (1, "private: the place in a message that the user reads"),
    "WhatsappConversationMessage._get_exact": (1, CALLER),
    "WhatsappConversationMessage._group_corrections": (1, CALLER),
    "WhatsappConversationMessage._is_order": (1, "only asks what kind of message it is"),
    "WhatsappConversationMessage._note_context": (1, "private: the worker, of messages that just came"),
    "WhatsappConversationMessage._answer_handover": (1, CALLER),
    "WhatsappConversationMessage._expect_media": (2, "private: the worker, of messages that just came"),
    "WhatsappConversationMessage._get_quoted": (1, CALLER),
    "WhatsappConversationMessage._get_shown": (1, "the place in a message that the user reads"),
    "WhatsappConversationMessage._get_simulated_files": (2, "a file of the simulator's own sender, or none"),
    "WhatsappConversationMessage._get_written_at": (1, "a moment of a message that the user reads"),
    "WhatsappConversationMessage._post_in": (2, CALLER),
    "WhatsappConversationMessage._show": (1, CALLER),
    "WhatsappConversationMessage._show_files": (2, "private: the worker, when files came"),
    "WhatsappConversationMessage._broadcast_state": (1, "tells the thread's own members"),
    "WhatsappConversationMessage._to_plain": (2, CALLER),
    "WhatsappConversationReport._get_campaigns": (
        1,
        "names of campaigns beside figures of conversations that the user reads",
    ),
    "WhatsappConversationReport._describe_groups": (1, "names what groups of the user's own conversations are called"),
    "WhatsappConversationReport._get_people": (1, "names salespeople and teams of conversations that the user may see"),
    "WhatsappConversationReport._find_interests": (1, WORDS),
    "WhatsappConversationMessage._was_written_before": (1, "private: the worker, of messages that just came"),
    "WhatsappFollowupRule._get_ids": (1, "private: the rules of an assistant that answers"),
    "WhatsappFollowupRule._get_moment": (1, "private: the hours of the company that the conversation is of"),
    "WhatsappJobFailure._alert": (1, "private: whom to tell"),
    "WhatsappJobFailure._count": (1, "private: keeps what a job could not do"),
    "WhatsappJobFailure._forget": (1, "private: what a job did after all"),
    "WhatsappJobFailure._get_put_off": (1, "private: what a job leaves out for now"),
    "WhatsappJobFailure._run_each": (1, "private: what a job leaves out for now"),
    "WhatsappMailing._new_for": (1, "after the group is asked for; of conversations that the user may see"),
    "WhatsappMailingRecipient._find_reason": (
        2,
        "private: the job, after the right of who started the mailing to write to the customer",
    ),
    "WhatsappMailingRecipient._send": (
        1,
        "private: the job, of a customer whom _find_reason lets who started the mailing write to",
    ),
    "WhatsappModelCall._log_calls": (2, "private: keeps what a call took"),
    "WhatsappSender.action_sync_templates": (
        1,
        "_checked_sudo before it: templates of the account that the sender has",
    ),
    "WhatsappSender._check_company_of_customers": (1, "a rule about the company that was just set"),
    "WhatsappSender._check_team": (1, "counts the members of a team, and names none"),
    "WhatsappSender._forget_proofs": (
        1,
        "private: after super() has let the user write the sender; only proofs are taken back",
    ),
    "WhatsappSender._get_credentials": (1, "private: they go to Twilio's client, and are shown nowhere"),
    "WhatsappSender._get_endpoints": (1, "private: the webhook, which knows no user"),
    "WhatsappSender._get_live_ids": (1, "private: the outbox, which tells nobody"),
    "WhatsappSender._get_own_numbers": (1, "private: the worker, to know our own numbers"),
    "WhatsappSender._get_public_url": (1, "reads Odoo's own address"),
    "WhatsappSender._list_active_ids": (1, "private: only says which senders there are, by number"),
    "WhatsappShop._find_nearest": (1, "private: what customers of the company are told"),
    "WhatsappShop._get_facts": (1, "private: what customers of the company are told"),
    "WhatsappShop._get_ids": (1, "private: what customers of the company are told"),
    "WhatsappSimulator._get_last_sid": (1, "the tester's own messages"),
    "WhatsappSimulator._get_contact": (1, "private: the tester's own contact, of the simulator's sender"),
    "WhatsappSimulator._get_conversation": (1, "private: the tester's own conversation"),
    "WhatsappSimulator._stage_file": (1, "private: a file for the simulator's sender"),
    "WhatsappSimulator._get_sender": (1, "private: checks the assistant, and makes a sender that cannot go live"),
    "WhatsappSimulator._get_staged_files": (1, "private: files that the tester made"),
    "WhatsappSimulator.reset": (3, "_check_allowed; the tester's own address, and leads that are marked as simulated"),
    "WhatsappSystemStatus._check_cron": (1, WORDS),
    "WhatsappSystemStatus._check_provider": (1, WORDS),
    "WhatsappSystemStatus._check_twilio": (1, "states of senders that the user reads"),
    "WhatsappSystemStatus._get_queue": (1, "counts of senders that the user reads"),
    "WhatsappWebhook._identify": (1, "the signature is checked before anything is done"),
}


def find_bypasses(path):
    """{"Class.method": how often it goes past the user's rights} of a file."""
    found = Counter()

    def visit(node, scope):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            scope = [*scope, node.name]
        match node:
            case ast.Attribute(attr="sudo" | "with_user") | ast.Name(id="SUPERUSER_ID"):
                found[".".join(scope)] += 1
            case ast.keyword(arg="su", value=ast.Constant(value=True)):
                found[".".join(scope)] += 1
        for child in ast.iter_child_nodes(node):
            visit(child, scope)

    visit(ast.parse(path.read_text()), [])
    return found


@tagged("post_install", "-at_install")
class TestSudo(BaseCase):
    def test_each_is_reviewed(self):
        found = Counter()
        for folder in FOLDERS:
            for path in (ADDON / folder).rglob("*.py"):
                found += find_bypasses(path)
        reviewed = {function: count for function, (count, _why) in SUDO.items()}
        self.maxDiff = None
        self.assertEqual(dict(found), reviewed, "say in SUDO what checks the user's right before it, on which record")
