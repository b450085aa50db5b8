"""States of messages of ours on their way, each set written once; all states are those of the ledger, `models/message`."""

#: What the customer got.
SENT = ("simulated", "sent", "delivered", "read")

#: What the customer did not get.
NOT_SENT = ("dropped", "failed")

#: What goes, or may have gone.
UNSENT = ("queued", "sending", "unknown")

#: What another message to the same customer has to wait for.
UNSETTLED = ("drafting", *UNSENT)
