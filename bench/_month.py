"""A month of conversations as a furniture shop has them, to see what reports and the dashboard look like.

./dev odoo shell < bench/_month.py      into the product's database, which must be one to throw away
"""

# ruff: noqa: F821 - Odoo's shell gives `env`
import random
from datetime import timedelta

from odoo import fields
from odoo.addons.colineal_whatsapp_crm.gateway.identity import identify
from odoo.addons.colineal_whatsapp_crm.understanding import Budget, Slot, State

DAYS, A_DAY = 60, 9
PRODUCTS = {"sofá": 9, "cama": 7, "comedor": 6, "colchón": 4, "silla": 3, "escritorio": 2, "closet": 2, "lámpara": 1}
CITIES = {"Quito": 10, "Guayaquil": 8, "Cuenca": 5, "Loja": 2, "Manta": 2, "Ambato": 2}
NAMES = "María Vélez|Luis Andrade|Carmen Salazar|José Cevallos|Ana Paredes|Diego Mora|Paulina Ríos|Andrés Vega".split(
    "|"
)
WORDS = (
    "Busco un sofá gris",
    "¿Cuánto cuesta la cama de 2 plazas?",
    "¿Tienen entrega en Loja?",
    "Para este fin de semana",
)
#: Customers by local hour; the shop is five hours behind UTC.
HOURS = [1, 1, 0, 0, 0, 0, 1, 3, 6, 9, 11, 12, 10, 8, 8, 9, 10, 11, 12, 13, 14, 11, 7, 3]
#: How far customers get: (how many in a hundred, stage, what is known, quality, last action).
FATES = [
    (15, "new", "", "cold", "ask_clarifying_question"),
    (14, "gathering", "p", "cold", "request_contact_info"),
    (8, "gathering", "n", "cold", "ask_about_interest"),
    (16, "ready", "np", "warm", "gather_more_details"),
    (22, "lead", "npbc", "hot", "create_lead"),
    (11, "lead", "np", "warm", "gather_more_details"),
    (5, "support", "n", "cold", "transfer_to_support"),
    (5, "person", "npb", "hot", "create_lead"),
    (4, "closed", "", "cold", "ask_clarifying_question"),
]
chance = random.Random(7)


def choose(weights):
    return chance.choices(list(weights), weights.values())[0]


def make_team():
    groups = [(4, env.ref("sales_team.group_sale_salesman").id)]
    users = env["res.users"].with_context(no_reset_password=True)
    for login, name in (("ana.month", "Ana Torres"), ("bruno.month", "Bruno Castillo"), ("carla.month", "Carla Núñez")):
        users |= users.search([("login", "=", login)]) or users.create(
            {"login": login, "name": name, "group_ids": groups}
        )
    return users


def make_slots(known):
    slots = {}
    if "n" in known:
        slots["name"] = Slot(chance.choice(NAMES), 0.95)
    if "p" in known:
        slots["products"] = Slot(tuple({choose(PRODUCTS) for _each in range(chance.choice((1, 1, 2)))}), 0.95)
    if "b" in known:
        least = chance.randrange(4, 30) * 100
        slots["budget"] = Slot(Budget(None, least), 0.9)
    if "c" in known or chance.random() < 0.3:
        slots["city"] = Slot(choose(CITIES), 0.9)
    return slots


def insert_messages(conversation, contact, by_person):
    """The ledger's rows, at their times, which the ORM would set to now."""
    begun, whole = conversation.first_inbound_at, conversation.last_message_at - conversation.first_inbound_at
    lines = [
        ("inbound", "customer", begun + whole * part / conversation.inbound_count)
        for part in range(conversation.inbound_count)
    ]
    moments = [conversation.first_assistant_at, *(moment for _side, _author, moment in lines[1:])]
    authors = ["assistant"] + ["person" if by_person else "assistant"] * len(moments)
    lines += [
        ("outbound", author, moment)
        for author, moment in zip(authors, moments[: conversation.outbound_count], strict=False)
    ]
    for side, author, moment in sorted(lines, key=lambda line: line[2]):
        env.cr.execute(
            """INSERT INTO whatsapp_conversation_message
                   (conversation_id, sender_id, direction, author, address, body, kind, state, create_date)
               VALUES (%s, %s, %s, %s, %s, %s, 'text', %s, %s)""",
            [
                conversation.id,
                conversation.sender_id.id,
                side,
                author,
                contact.address,
                chance.choice(WORDS),
                "handled" if side == "inbound" else "read",
                moment,
            ],
        )


def make_conversation(number, begun, sender, users):
    _weight, stage, known, quality, action = chance.choices(FATES, [fate[0] for fate in FATES])[0]
    now = fields.Datetime.now()
    received = chance.randrange(1, 3) + 2 * len(known)
    last = min(begun + timedelta(minutes=chance.expovariate(1 / 25) * received), now)
    answered = begun + timedelta(seconds=chance.uniform(4, 9))
    waits = chance.random() < 0.2 and last > now - timedelta(days=2) and stage != "closed"
    user = (
        chance.choice(users)
        if stage in ("person", "support") or (stage == "lead" and chance.random() < 0.75)
        else users.browse()
    )
    by_person = user and chance.random() < 0.7
    asked = min(begun + timedelta(minutes=chance.uniform(3, 20)), now)
    contact = env["whatsapp.contact"]._get_or_create(
        identify(f"whatsapp:+59398{number:07}", profile_name=chance.choice(NAMES)), sender.company_id
    )
    state = State(make_slots(known))
    conversation = env["whatsapp.conversation"].create(
        {
            "contact_id": contact.id,
            "sender_id": sender.id,
            "user_id": user.id,
            "stage": stage,
            "quality": quality,
            "action": action,
            "confidence": 0.9,
            "completeness": min(1, len(known) / 4),
            "understanding": state.to_json(),
            "first_inbound_at": begun,
            "first_assistant_at": answered,
            "person_asked_at": by_person and asked,
            "first_person_at": by_person and asked + timedelta(minutes=chance.expovariate(1 / 14)),
            "last_message_at": last,
            "last_inbound_at": last,
            "waiting_since": waits and last,
            "inbound_count": received,
            "outbound_count": received - waits,
        }
    )
    insert_messages(conversation, contact, by_person)
    turn = env["whatsapp.classification"].create(
        {
            "conversation_id": conversation.id,
            "provider": "rules",
            "quality": quality,
            "action": action,
            "slots": state.to_json()["slots"],
            "confidence": 0.9,
            "completeness": conversation.completeness,
            "latency_ms": 3,
            "reasons": [],
        }
    )
    conversation.classification_id = turn
    if chance.random() < 0.2:
        turn.write({"reviewed": True, **{f"{mark}_right": chance.random() < 0.96 for mark in MARKS}})
    if stage == "lead" or "b" in known:
        conversation.create_or_update_lead()
        conversation.lead_at = min(begun + timedelta(minutes=chance.expovariate(1 / 18)), now)
        if user:
            conversation.lead_id.user_id = user
        if begun < now - timedelta(days=4):
            fate = chance.random()
            if fate < 0.3:
                conversation.lead_id.action_set_won()
            elif fate < 0.55:
                conversation.lead_id.action_set_lost()


MARKS = ("name", "email", "products", "budget", "city", "urgency", "quality", "action")
env = env(context={**env.context, "tracking_disable": True, "mail_create_nosubscribe": True, "mail_notrack": True})
sender = env["whatsapp.sender"].search([("is_simulator", "=", False)], limit=1)
sender.team_id = sender.team_id or env["crm.team"].search([], limit=1)
sender.company_id.partner_id.tz = "America/Guayaquil"
users = make_team()
midnight = fields.Datetime.now().replace(hour=5, minute=0, second=0, microsecond=0)
number = 0
for day in range(DAYS, -1, -1):
    busy = 1.4 if (midnight - timedelta(days=day)).weekday() >= 5 else 1
    for _customer in range(round(chance.gauss(A_DAY, 2) * busy * (1 + (DAYS - day) / 200))):
        hour = chance.choices(range(24), HOURS)[0]
        begun = midnight - timedelta(days=day) + timedelta(hours=hour, minutes=chance.uniform(0, 60))
        if begun < fields.Datetime.now():
            number += 1
            make_conversation(number, begun, sender, users)
env.cr.commit()
print(f"{number} conversations")
