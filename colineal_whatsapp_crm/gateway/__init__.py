"""What is known of Twilio and of the network, away from the models: plain functions and one client class."""
