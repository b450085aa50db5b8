"""Who may write which field, and call which method, over RPC: the specification that `test_break_in` holds Odoo to."""

MODULE = "colineal_whatsapp_crm"

#: Who may write the fields of a line, of those who may write the record at all: see `TABLE` in `test_access`.
NOBODY, SALES, ADMINISTRATORS, SYSTEM = "nobody", "salespeople", "sales administrators", "system administrators"

#: By model: every stored field that this addon defines, and those that write others in their place. What Odoo's modules
#: lend to our models (followers, activities, messages) is written by nobody; it has methods.
FIELDS = {
    "crm.lead": {
        SALES: (
            "x_source x_product_interest x_budget_range x_ai_confidence x_quality_score whatsapp_budget "
            "whatsapp_urgency whatsapp_closing whatsapp_lost_reason_id"
        ),
        NOBODY: "whatsapp_conversation_ids whatsapp_budget_band whatsapp_simulated",
    },
    "digest.digest": {
        SYSTEM: "kpi_whatsapp_conversations kpi_whatsapp_leads kpi_whatsapp_hot",
    },
    "discuss.channel": {
        NOBODY: "whatsapp_contact_id whatsapp_sender_id whatsapp_conversation_id",
    },
    "ir.actions.server": {
        SYSTEM: "whatsapp_text whatsapp_attachment_ids whatsapp_template_id whatsapp_assistant_goes_on",
    },
    "mail.guest": {
        NOBODY: "whatsapp_contact_ids",
    },
    "mail.message": {
        NOBODY: "whatsapp_line_ids",
    },
    "res.company": {
        SYSTEM: "whatsapp_timezone",
    },
    "res.partner": {
        NOBODY: "whatsapp_contact_ids",
    },
    "whatsapp.advertisement": {
        ADMINISTRATORS: "interest_ids campaign_id medium_id source_id",
        NOBODY: (
            "company_id reference kind headline text url picture_url picture picture_state picture_error "
            "picture_attempts picture_retry_at conversation_ids"
        ),
    },
    "whatsapp.assistant": {
        ADMINISTRATORS: (
            "name sequence active provider max_calls language follow_language coalescing_seconds ttl_days "
            "insist idle_hours contact_criterion interest_criterion clear_intent hot_criterion warm_name "
            "warm_email warm_products warm_budget warm_inquiry support_keywords store_domains opening_hours "
            "address resource_calendar_id wording_ids support_team_id unsure_percent answer_minutes "
            "answer_days return_hours sdk model_name model_below_percent temperature patience_seconds daily_calls daily_tokens "
            "price_in price_out history_tokens max_examples reply_style reply_length knowledge opt_out_words "
            "opt_in_words gives_notice files_days words_days analysis_days tag_products tag_quality "
            "tag_budget tag_city tag_urgency hourly_replies hot_minutes "
            "hot_budget greeting preview_conversation_id asks_phone followup_rule_ids"
        ),
        SYSTEM: "api_key",
        NOBODY: "call_ids partner_id",
    },
    "whatsapp.assistant.wording": {
        ADMINISTRATORS: "assistant_id sequence situation language text fallback promises",
        NOBODY: "position",
    },
    "whatsapp.city": {
        ADMINISTRATORS: "synonyms synonym_ids active name country latitude longitude",
    },
    "whatsapp.classification": {
        NOBODY: (
            "conversation_id message_ids provider model prompt_version tokens cost fallback slots support "
            "inquired language questions courtesies quality completeness confidence turn_confidence action reasons latency_ms "
            "reviewed reviewed_by reviewed_at right_slots right_quality right_action right_reasons "
            "is_corrected name_right email_right products_right budget_right city_right urgency_right "
            "quality_right action_right unjudged"
        ),
    },
    "whatsapp.classification.report": {
        NOBODY: (
            "classification_id conversation_id date company_id team_id user_id assistant_id provider model "
            "prompt_version quality action lead_id lead_outcome lead_count turn_count reviewed_count "
            "fallback_count confidence latency_ms tokens cost name_right email_right products_right "
            "budget_right city_right urgency_right quality_right action_right"
        ),
    },
    "whatsapp.contact": {
        ADMINISTRATORS: "partner_id",
        NOBODY: (
            "address company_id phone profile_name conversation_ids guest_id opted_out_at opted_out "
            "opt_out_reason opt_out_line_id informed_at erased_at address_ids username told_phone "
            "no_marketing_at early_correction_at"
        ),
    },
    "whatsapp.contact.address": {
        NOBODY: ("contact_id company_id kind value key account first_seen_at last_seen_at opt_out_reason opted_out_at"),
    },
    "whatsapp.contact.erase": {
        ADMINISTRATORS: "contact_id with_leads",
    },
    "whatsapp.content.button": {
        ADMINISTRATORS: "template_id sequence kind title target",
    },
    "whatsapp.content.template": {
        ADMINISTRATORS: (
            "name active sender_id content_name category language body header footer media_url button_ids variable_ids "
            "preview_conversation_id"
        ),
        NOBODY: "company_id account_sid content_sid state reason kind submitted_at submitted_by error",
    },
    "whatsapp.content.variable": {
        ADMINISTRATORS: "template_id name source placeholder field_path text sample",
    },
    "whatsapp.conversation": {
        SALES: "team_id user_id customer_name email budget_min budget_max city urgency need interest_ids",
        NOBODY: (
            "contact_id sender_id company_id phone stage line_ids last_message_at last_inbound_at due_at "
            "leased_until failures error understanding product_words product_interest classification_ids "
            "lead_failures lead_retry_at lead_error "
            "classification_id quality completeness confidence action lead_id lead_values channel_id "
            "handover_id handover_ids person_at given_back_turn_id waiting_since files_erased_at words_erased_at "
            "analysis_erased_at person_quality is_simulated support_user_id sales_user_id first_inbound_at "
            "first_assistant_at first_person_at person_asked_at lead_at lead_answered_at reopened_at failed_message_id "
            "inbound_count outbound_count silence_reason closing closing_reason address "
            "advertisement_id advertisement_click campaign_id medium_id source_id ticket_ref "
            "ticket_refs followup_id followup_ids"
        ),
    },
    "whatsapp.conversation.message": {
        NOBODY: (
            "conversation_id sender_id direction author user_id address sid body kind parameters state error "
            "error_code attempts checks retry_at sent_at classification_id wording_ids drafted "
            "mail_message_id ticket_message_id outgoing_attachment_id media_state media_attempts media_retry_at "
            "media_error media_faults attachment_ids transcript left_twilio cards articles is_forwarded edited_at "
            "earlier_body deleted_at translations typing_wanted_at "
            "request_key request_digest template_id content is_marketing mailing_id price price_currency_id"
        ),
    },
    "whatsapp.conversation.report": {
        NOBODY: (
            "conversation_id date hour weekday company_id team_id user_id sender_id assistant_id stage "
            "progress reached quality urgency city interest_ids product_interest action stopped_at lead_id "
            "lead_outcome source_id lead_rate won_rate message_count inbound_count lead_message_count "
            "assistant_seconds answered_rate lead_answer_minutes person_minutes lead_minutes duration_minutes "
            "right_rate cost closing closing_reason given_up_rate put_off_rate campaign_id advertisement_id"
        ),
    },
    "whatsapp.followup": {
        NOBODY: ("conversation_id company_id rule_id hours state planned_at message_id sent_at answered_at obstacle"),
    },
    "whatsapp.followup.report": {
        NOBODY: (
            "followup_id conversation_id date company_id team_id user_id sender_id assistant_id hours state obstacle "
            "lead_id sent_count answered_count answered_rate minutes_to_answer lead_count won_count"
        ),
    },
    "whatsapp.message.report": {
        NOBODY: (
            "conversation_id date company_id team_id user_id sender_id campaign_id direction author kind message_count "
            "template_id category priced_count price currency_id"
        ),
    },
    "whatsapp.followup.rule": {
        ADMINISTRATORS: "assistant_id hours quality template_id",
    },
    "whatsapp.handover": {
        NOBODY: (
            "conversation_id company_id reason called_at called_by turn_id team_id user_id asked_at notify_at answer_by "
            "assigned_lead missed_user_ids missed_count activity_id ended_at outcome answered_by minutes_to_answer"
        ),
    },
    "whatsapp.interest": {
        ADMINISTRATORS: "synonyms synonym_ids active name plural gender general sequence hot_budget file_ids",
    },
    "whatsapp.job.failure": {
        NOBODY: "job res_model res_id company_id failures failed_at retry_at error",
    },
    "whatsapp.mailing": {
        ADMINISTRATORS: "name template_id",
        NOBODY: "company_id user_id state started_at ended_at next_at unknown_count recipient_ids",
    },
    "whatsapp.mailing.recipient": {
        NOBODY: "mailing_id company_id conversation_id state reason message_id",
    },
    "whatsapp.model.call": {
        NOBODY: (
            "assistant_id classification_id purpose model version latency_ms tokens_in tokens_out cost failure fault"
        ),
    },
    "whatsapp.phrase": {
        ADMINISTRATORS: "name kind example active",
    },
    "whatsapp.sender": {
        ADMINISTRATORS: (
            "name sequence active company_id number assistant_id team_id account_sid messaging_service_sid public_url "
            "messages_per_second shows_typing at_twilio marketing_per_day"
        ),
        SYSTEM: "auth_token previous_auth_token simulation_token",
        NOBODY: (
            "is_simulator last_refusal last_refusal_at gaps_searched_at prices_fetched_at signature_seen_at tested_at "
            "test_error account_name connected_at connect_error search_error search_error_at templates_synced_at "
            "templates_error"
        ),
    },
    "whatsapp.shop": {
        ADMINISTRATORS: (
            "name sequence active company_id address city_id phone map_url resource_calendar_id opening_hours "
            "latitude longitude"
        ),
    },
    "whatsapp.synonym": {
        ADMINISTRATORS: "name plural gender interest_id city_id",
    },
    "whatsapp.teaching": {
        SALES: (
            "message_id marked lesson teaches target phrase interest_id city_id new_name closing_reason acts proven_for"
        ),
    },
    "whatsapp.twilio.erasure": {
        NOBODY: "sender_id sid attempts retry_at error",
    },
    "whatsapp.webhook": {
        ADMINISTRATORS: "name active company_id url on_messages on_statuses on_leads on_handovers",
        SYSTEM: "secret",
        NOBODY: "delivered_at failed_at error",
    },
    "whatsapp.webhook.delivery": {
        NOBODY: (
            "webhook_id event event_id happened_at detail res_model res_id state attempts retry_at status error "
            "delivered_at"
        ),
    },
}

# Kinds of users, as in `KINDS`; `system` is a sales administrator who may also change settings.
EVERYBODY = {
    "portal",
    "internal",
    "other",
    "owner",
    "reader",
    "all",
    "manager",
    "foreign reader",
    "foreign manager",
    "system",
}
#: Who reads the owner's records, and what all companies share.
READ = {"owner", "reader", "all", "manager", "system"}
SHARED = EVERYBODY - {"portal", "internal"}
WRITE = READ - {"reader"}
SALESPEOPLE = SHARED - {"reader", "foreign reader"}
ADMINISTRATE = {"manager", "system"}

#: By model: every method of the addon that can be called over RPC, who is not refused, and what it is called with on the
#: owner's record. For others there is an error that is not of rights, or an action that shows nothing by itself.
METHODS = {
    "crm.lead": {
        "action_confirm_whatsapp_loss": (WRITE, []),
        "action_dismiss_whatsapp_closing": (WRITE, []),
        "action_send_whatsapp_template": (WRITE, []),
        "action_view_whatsapp_conversations": (WRITE, []),
        "action_write_on_whatsapp": (WRITE, []),
    },
    "discuss.channel": {
        "execute_command_assistant": (WRITE, []),
        "execute_command_support": (WRITE, []),
        "execute_command_update_lead": (WRITE, []),
    },
    "res.partner": {
        "action_view_whatsapp_conversations": (SHARED, []),
        "action_write_on_whatsapp": (SHARED, []),
    },
    "whatsapp.advertisement": {"action_view_conversations": (READ | {"other"}, [])},
    "whatsapp.assistant": {
        "action_export_reviewed": (EVERYBODY, []),
        "action_test_model": (ADMINISTRATE | {"foreign manager"}, []),
        "action_try": (EVERYBODY, []),
        "action_view_calls": (EVERYBODY, []),
        "action_view_wordings": (SHARED, []),
        "try_text": (SHARED, ["text"]),
    },
    "whatsapp.classification": {"action_teach": (WRITE, [])},
    "whatsapp.contact": {
        "action_allow_marketing": (ADMINISTRATE, []),
        "action_export": (READ, []),
        "action_find_partner": (WRITE, []),
        "action_opt_in": (ADMINISTRATE, []),
        "action_opt_out": (WRITE, []),
    },
    "whatsapp.contact.erase": {"action_erase": (ADMINISTRATE, [])},
    "whatsapp.content.template": {
        "action_change": (ADMINISTRATE, []),
        "action_submit": (ADMINISTRATE, []),
        "action_sync_all": (ADMINISTRATE | {"foreign manager"}, []),
    },
    "whatsapp.conversation": {
        "action_cancel_followup": (WRITE, []),
        "action_close": (WRITE, []),
        "action_reopen": (WRITE, []),
        "action_confirm": (WRITE, []),
        "action_follow": (WRITE, []),
        "action_hand_back": (WRITE, []),
        "action_opt_in": (ADMINISTRATE, []),
        "action_opt_out": (WRITE, []),
        "action_retry_lead": (WRITE, []),
        "action_set_quality": (WRITE, []),
        "action_toggle_origin": (WRITE, []),
        "action_take_over": (WRITE, []),
        "action_teach": (WRITE, []),
        "action_unfollow": (READ, []),
        "action_view_lead": (READ, []),
        "action_view_messages": (READ, []),
        "action_view_others": (READ, []),
        "action_view_partner": (READ, []),
        "action_view_ticket": (READ, []),
        "action_view_turns": (READ, []),
        "get_quick_reply_values": (WRITE, []),
        "show_typing": (WRITE, []),
        "suggest_files": (WRITE, []),
        "get_templates": (WRITE, []),
        "preview_template": (WRITE, ["template", "values"]),
        "send_template": (WRITE, ["template", "values"]),
        "suggest_reply": (WRITE, []),
    },
    "whatsapp.conversation.message": {
        "action_create_contact": (READ, []),
        "action_retry": (WRITE, []),
        "action_teach": (WRITE, []),
        "action_translate": (WRITE, []),
    },
    "whatsapp.conversation.report": {
        "action_open_conversation": (READ, []),
        "get_dashboard": (SALESPEOPLE, []),
    },
    "whatsapp.interest": {"try_text": (SHARED, ["text"])},
    "whatsapp.job.failure": {
        "action_open_record": (ADMINISTRATE, []),
        "action_retry": (ADMINISTRATE, []),
    },
    "whatsapp.mailing": {
        "action_start": (ADMINISTRATE, []),
        "action_stop": (ADMINISTRATE, []),
        "action_view_recipients": (EVERYBODY, []),
    },
    "whatsapp.sender": {
        "action_connect": (ADMINISTRATE, []),
        "action_find_gaps": (ADMINISTRATE, []),
        "action_open_assistant": (READ | {"other"}, []),
        "action_sync_templates": (ADMINISTRATE, []),
        "action_open_company": (READ | {"other"}, []),
        "action_test_connection": (ADMINISTRATE, []),
        "action_try": (READ | {"other"}, []),
        "action_view_conversations": (EVERYBODY, []),
        "action_view_erasures": (EVERYBODY, []),
        "action_view_failures": (EVERYBODY, []),
        "action_view_templates": (READ | {"other"}, []),
    },
    "whatsapp.simulator": {
        "begin": (SALESPEOPLE, ["assistant"]),
        "look": (SALESPEOPLE, ["assistant"]),
        "reset": (SALESPEOPLE, ["assistant"]),
        "sign": (SALESPEOPLE, ["assistant", "messages"]),
    },
    # One's own.
    "whatsapp.teaching": {"action_prove": ({"manager"}, []), "action_teach": ({"manager"}, [])},
    "whatsapp.webhook": {
        "action_ping": (ADMINISTRATE, []),
        "action_renew_secret": ({"system"}, []),
        "action_view_deliveries": (ADMINISTRATE, []),
    },
    "whatsapp.webhook.delivery": {"action_retry": (ADMINISTRATE, [])},
}
