-- A copied database must not speak for the shop: without credentials every sender is in simulation. Base's own script
-- stops all scheduled jobs.
UPDATE whatsapp_sender
   SET account_sid = NULL, messaging_service_sid = NULL, auth_token = NULL, previous_auth_token = NULL,
       at_twilio = 'keep', simulation_token = md5(random()::text || clock_timestamp()::text || id);
-- A key of the server's environment would still reach the model, with what real customers wrote.
UPDATE whatsapp_assistant
   SET api_key = NULL, provider = 'rules';
UPDATE whatsapp_conversation_message
   SET state = 'dropped'
 WHERE state IN ('drafting', 'queued', 'sending', 'unknown');
DELETE FROM whatsapp_twilio_erasure;
-- Other programs hear of the original's customers, from the original.
UPDATE whatsapp_webhook
   SET active = false,
       secret = 'whsec_' || encode(sha256((random()::text || clock_timestamp()::text || id)::bytea), 'base64');
DELETE FROM whatsapp_webhook_delivery;
-- Templates are the account's.
UPDATE whatsapp_content_template
   SET account_sid = NULL;
-- What goes on by itself stops; who starts it again does so on purpose.
UPDATE whatsapp_mailing
   SET state = 'stopped'
 WHERE state = 'sending';
