-- A copied database must not speak for the shop: without credentials every sender is in simulation.
UPDATE whatsapp_sender
   SET account_sid = NULL, auth_token = NULL, previous_auth_token = NULL;
UPDATE whatsapp_assistant
   SET api_key = NULL;
UPDATE whatsapp_conversation_message
   SET state = 'dropped'
 WHERE state IN ('drafting', 'queued', 'sending', 'unknown');
