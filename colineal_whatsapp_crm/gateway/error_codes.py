"""What Twilio's error codes mean for a WhatsApp message: in words a salesperson can act on, and what is to be done.

From Twilio's error and warning dictionary, https://www.twilio.com/docs/api/errors, as of February 2025; 63054, 63059 and
63062 are later. Only what a message may get is here. A code that is not, because it is of another product or newer, or
because its meaning could not be confirmed (63004, 63048, 63050, 63053), is shown by its number and `LINK`.
"""

from typing import NamedTuple

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

#: ``permanent``: it will never go; ``needs_template``: only as an approved template; ``later``: another try may do;
#: ``unknown``: it may have arrived, so it must not be sent again blindly.
PERMANENT, NEEDS_TEMPLATE, LATER, UNKNOWN = "permanent", "needs_template", "later", "unknown"

LINK = "https://www.twilio.com/docs/api/errors/{code}"


class Meaning(NamedTuple):
    """What is to be done, and the words, to be translated by `Environment._`."""

    outcome: str
    words: object


# Words: outcome, then the codes they explain.
_GROUPS = (
    # Who it is for
    (
        _lt("This number is not on WhatsApp, or not in this form."),
        PERMANENT,
        (63003, 21211, 21214, 21217, 21265, 21268, 21401, 21407, 21604, 21614, 21635, 30005, 30006, 30014),
    ),
    (
        _lt(
            "The customer cannot receive it: they are not on WhatsApp, their app is too old, or its terms are not accepted."
        ),
        PERMANENT,
        (63024,),
    ),
    (_lt("The customer has blocked us or does not want messages."), PERMANENT, (21610, 63014)),
    (_lt("The customer's number does not let the message through."), PERMANENT, (30004,)),
    (_lt("The customer's phone could not be reached."), LATER, (30003,)),
    (
        _lt("The customer does not want advertising from us on WhatsApp; other messages go."),
        PERMANENT,
        (63033,),
    ),
    (
        _lt("WhatsApp chose not to deliver this advertising to the customer: it limits how much anybody gets."),
        PERMANENT,
        (63049,),
    ),
    (
        _lt("WhatsApp does not let this message through to this customer, by a limit or an experiment of its own."),
        PERMANENT,
        (63032,),
    ),
    (_lt("Sender and customer have the same number."), PERMANENT, (63031, 21266)),
    (
        _lt("A sandbox only writes to people who have joined it: the customer must send its code word first."),
        PERMANENT,
        (63015,),
    ),
    (_lt("A trial account only writes to numbers that were verified at Twilio."), PERMANENT, (21219, 21607, 21608)),
    (_lt("Messages to the customer's country are not enabled at Twilio."), PERMANENT, (21408,)),
    # When
    (
        _lt("The customer's last message is more than 24 hours old: WhatsApp only lets an approved template through."),
        NEEDS_TEMPLATE,
        (63016,),
    ),
    (_lt("WhatsApp's limit of messages for this sender is reached."), LATER, (63017, 63018)),
    (_lt("Twilio's daily limit of messages is reached."), LATER, (63038, 30023, 30027)),
    (
        _lt("Too many messages wait at Twilio, or went at once."),
        LATER,
        (20429, 21611, 30001, 30017, 30022),
    ),
    (_lt("It waited too long at Twilio, and is not sent any more."), PERMANENT, (21624, 30036)),
    (_lt("Twilio takes it for part of a loop between two machines."), PERMANENT, (14107, 30039)),
    # What it says
    (_lt("The message is too long."), PERMANENT, (21605, 21617, 21658)),
    (_lt("The message is empty."), PERMANENT, (21602, 21619)),
    (_lt("WhatsApp does not accept the content of the message."), PERMANENT, (21618, 63006, 63021, 63030)),
    (
        _lt("WhatsApp did not accept the content: perhaps the file is faulty, or the number is not on WhatsApp."),
        PERMANENT,
        (63005,),
    ),
    (_lt("WhatsApp refused the message: it goes against its policy."), PERMANENT, (63013,)),
    (_lt("It was taken for unwanted advertising and filtered."), PERMANENT, (30007, 30038, 63026, 63039)),
    # Files
    (
        _lt("Twilio could not fetch the file from this Odoo: is the sender's public address reachable?"),
        PERMANENT,
        (12300, 21620, 63019, 63043, 63044, 63045, 63047),
    ),
    (_lt("The file is too large."), PERMANENT, (11751, 30019, 63034)),
    (_lt("There are more files in the message than WhatsApp takes."), PERMANENT, (21623,)),
    (_lt("WhatsApp could not process the file."), LATER, (63025, 63037)),
    (_lt("This sender cannot send files."), PERMANENT, (21621, 21622, 30011)),
    # Templates
    (_lt("There is no such template in this language, or it was not sent as one."), PERMANENT, (21655, 63027, 63052)),
    (_lt("The template's placeholders are not filled as it needs them."), PERMANENT, (21654, 21656, 63028)),
    (_lt("The customer's phone could not load the template."), PERMANENT, (63029,)),
    (_lt("WhatsApp has rejected the template."), PERMANENT, (63040,)),
    (_lt("WhatsApp has paused the template: customers complained about it."), PERMANENT, (63041,)),
    (_lt("WhatsApp has disabled the template for good: customers complained about it."), PERMANENT, (63042,)),
    (_lt("The template cannot be used at present: see Meta's Business Manager."), PERMANENT, (63054,)),
    # The sender and its accounts
    (
        _lt("The sender's number is not set up for WhatsApp at Twilio."),
        PERMANENT,
        (21212, 21601, 21603, 21606, 21612, 21657, 21659, 21660, 21661, 21910, 30015, 30016, 63002, 63007),
    ),
    (_lt("The sender's channel is not set up completely at Twilio."), PERMANENT, (63008, 63011)),
    (
        _lt("The sender's number is not registered for messages to this country."),
        PERMANENT,
        (30018, 30024, 30032, 30033, 30034, 30035, 30040, 30041, 30042),
    ),
    (
        _lt("WhatsApp does not accept Twilio's access any more: connect the sender at Twilio again."),
        PERMANENT,
        (63001,),
    ),
    (
        _lt(
            "Meta does not let Twilio send for the business: check its invitation and the billing in Business Manager."
        ),
        PERMANENT,
        (63020,),
    ),
    (_lt("WhatsApp does not know the sender's display name: it must be verified again."), PERMANENT, (63022,)),
    (_lt("WhatsApp has locked the business's account: see Meta's Business Manager."), PERMANENT, (63051,)),
    (
        _lt("The sender's number has moved to another WhatsApp Business Account: connect it at Twilio again."),
        PERMANENT,
        (63059,),
    ),
    (_lt("The terms of Meta's Marketing Messages API are not accepted yet."), PERMANENT, (63062,)),
    (_lt("Twilio refuses the sender's credentials."), PERMANENT, (20003, 20006, 20008)),
    (
        _lt("The Twilio account is suspended or closed, or may not send: see its console."),
        PERMANENT,
        (10001, 20005, 20010, 20403, 30002, 30037, 90010),
    ),
    (_lt("Twilio cannot call the sender's public address."), PERMANENT, (21609, 21626)),
    # Faults
    (_lt("WhatsApp had a fault of its own."), LATER, (63009, 63012)),
    (_lt("Twilio had a fault of its own."), LATER, (20009, 20500, 20503, 20504, 30020, 30021, 30500, 63010)),
    (_lt("Twilio did not hear whether it arrived."), UNKNOWN, (30410,)),
    (_lt("It could not be delivered, and no reason was given."), PERMANENT, (30008, 63023)),
)

#: The `Meaning` of each code.
MEANINGS = {code: Meaning(outcome, words) for words, outcome, codes in _GROUPS for code in codes}
