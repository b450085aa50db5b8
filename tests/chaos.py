"""Many customers write while everything around Odoo, and Odoo itself, keeps dying. Nothing may be lost or doubled.

Used by tests/test_chaos.py, and in a longer run by bench/chaos.py.
"""

import random
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import requests
from server import OdooServer
from services import OwnPostgres, OwnRedis
from standins.twilio_api import DENIED, TwilioApi
from standins.twilio_callbacks import Unreliability
from standins.twilio_client import TwilioClient

ACCOUNT_SID = "AC" + "5" * 32
TOKEN = "the account's primary auth token"
NUMBER = "+593999000222"
PUBLIC_URL = "https://crm.example.com"

_CLIENTS = 12
_DOUBLED = 0.15
_MISBEHAVING = 0.2
_FIRST_CUSTOMER = 593_980_000_000
#: A message may be overtaken by those that came this much later.
_REORDERED_WITHIN = 6
_PAUSES = (1.0, 6.0)
#: Longer than any call to Twilio may take.
_AT_IT_SECONDS = 15
#: A reply may wait behind one in doubt for very long while every fifth call fails.
_MISBEHAVING_SECONDS = 45
_OPENINGS = ("Hola", "Hola, buenos días", "Buenas tardes", "Busco sofás", "Necesito información")
_WORDS = (
    "Soy {name}",
    "Soy {name}, necesito un sofá de 3 puestos",
    "Busco una cama para mi hijo",
    "Mi presupuesto es ${budget}",
    "Tengo hasta {budget} dólares",
    "¿Cuánto cuesta el envío a Cuenca?",
    "Lo necesito para esta semana",
    "¿Tienen garantía?",
    "Quiero ver fotos por favor",
    "¿Cuál es el horario?",
    "Vivo en Quito",
    "Gracias",
    "👍",
    "También me interesa un comedor",
)
_NAMES = ("María", "José", "Ana Lucía", "Carlos", "Verónica", "Luis Alberto", "Daniela", "Andrés")


@dataclass(frozen=True)
class Size:
    """How much of everything; `seconds` is how long the rest may take once nothing is disturbed any more."""

    conversations: int = 300
    messages: int = 2000
    odoo_kills: int = 10
    postgres_crashes: int = 2
    redis_kills: int = 2
    seconds: int = 900


@dataclass
class Outcome:
    """What happened, and what should not have."""

    lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def say(self, line):
        self.lines.append(line)
        print(line, flush=True)

    def demand(self, condition, problem):
        if not condition:
            self.problems.append(problem)
            print(f"PROBLEM: {problem}", flush=True)


@dataclass
class _Message:
    form: dict[str, str]
    doubled: bool
    acknowledged_at: float | None = None
    attempts: int = 0
    longest: float = 0.0
    refusals: list[int] = field(default_factory=list)


class Chaos:
    """One run; everything random comes from the seed, but for the order in which the machine does things."""

    def __init__(self, folder, size, seed):
        self.size, self.seed, self.outcome = size, seed, Outcome()
        self._random = random.Random(seed)
        self.postgres = OwnPostgres()
        self.redis = OwnRedis(folder)
        self.api = TwilioApi(ACCOUNT_SID, TOKEN, seed)
        env = {
            "TWILIO_API_URL": self.api.url,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "REDIS_URL": self.redis.url,
        }
        # With workers, because Odoo's threads for scheduled jobs do not survive the loss of their connection; a server
        # with workers ends as a whole instead, and whatever supervises it starts it again.
        self.server = OdooServer(folder, env, ["--workers=2", "--log-level=warn"], self.postgres)
        self.twilio = TwilioClient(self.server.url, NUMBER, TOKEN, PUBLIC_URL, ACCOUNT_SID)
        self.twilio.patience = 15  # Twilio's own
        self.api.callbacks.server, self.api.callbacks.patience = self.server.url, 15
        self.api.callbacks.unreliability = Unreliability(delay=(0.0, 2.0), lost=0.1, duplicated=0.1)
        self._messages = self._write_messages()
        self._begin_time, self._retried = 0.0, set()
        self._ended, self._server_lock = 0, threading.Lock()

    def discard(self):
        self.server.kill()
        self.redis.kill()
        self.postgres.discard()
        self.api.close()

    def run(self):
        """All of it; returns the `Outcome`."""
        begin, self._begin_time = time.monotonic(), time.time()
        size = self.size
        self.outcome.say(
            f"chaos with seed {self.seed}: {size.conversations} conversations, {size.messages} messages,"
            f" Odoo killed {size.odoo_kills} times, PostgreSQL {size.postgres_crashes}, Redis {size.redis_kills}"
        )
        self._set_up()
        self.api.misbehave(_MISBEHAVING)
        over, settled = threading.Event(), threading.Event()
        threads = [
            threading.Thread(target=self._disturb, args=[over], name="chaos"),
            threading.Thread(target=self._supervise, args=[settled], name="supervisor"),
        ]
        for thread in threads:
            thread.start()
        try:
            self._post_all(over)
            over.wait()
            self.outcome.say(f"{time.monotonic() - begin:6.1f} s  all is posted, and nothing dies any more")
            self._settle()
        finally:
            settled.set()
            for thread in threads:
                thread.join()
        self.outcome.say(f"{time.monotonic() - begin:6.1f} s  quiet; counting")
        self._judge()
        return self.outcome

    def _set_up(self):
        self.server.start()
        assistant = self.server.search_read("whatsapp.assistant", [], ["id"], limit=1)[0]["id"]
        self.server.call("whatsapp.assistant", "write", [assistant], {"coalescing_seconds": 1})
        sender = self.server.call(
            "whatsapp.sender",
            "create",
            {
                "name": "Chaos",
                "number": NUMBER,
                "public_url": PUBLIC_URL,
                "assistant_id": assistant,
                "account_sid": ACCOUNT_SID,
            },
        )
        url = self.server.call("whatsapp.sender", "read", [sender], ["webhook_setting"])[0]["webhook_setting"]
        self._retried = set(parse_qs(urlsplit(url).fragment)["rp"][0].split(","))

    # What customers write

    def _write_messages(self):
        """All messages, each customer's in order but for the few that overtake others."""
        rng, size = self._random, self.size
        customers = [f"+{_FIRST_CUSTOMER + number}" for number in range(size.conversations)]
        writers = customers + rng.choices(customers, k=size.messages - size.conversations)
        rng.shuffle(writers)
        places = sorted(range(len(writers)), key=lambda place: place + rng.uniform(0, _REORDERED_WITHIN))
        messages, started = [], set()
        for customer in writers:
            body = rng.choice(_WORDS if customer in started else _OPENINGS)
            started.add(customer)
            body = body.format(name=rng.choice(_NAMES), budget=rng.randrange(200, 5000, 50))
            sid = f"SM{rng.getrandbits(128):032x}"
            form = self.twilio.form(customer, body, MessageSid=sid, SmsMessageSid=sid, SmsSid=sid)
            messages.append(_Message(form, rng.random() < _DOUBLED))
        return [messages[place] for place in places]

    def _post_all(self, over):
        """Customers write at an even pace until the disturbances are over, and then what is left of it at once."""
        expected = (self.size.odoo_kills + self.size.postgres_crashes + self.size.redis_kills) * (sum(_PAUSES) / 2 + 4)
        pause = expected / len(self._messages)
        deadline = time.monotonic() + 2 * expected + self.size.seconds
        with ThreadPoolExecutor(_CLIENTS) as pool:
            posts = []
            for message in self._messages:
                over.wait(pause)
                times = 2 if message.doubled else 1
                posts += [pool.submit(self._post, message, deadline) for _time in range(times)]
            for post in posts:
                post.result()

    def _post(self, message, deadline):
        """Twilio's side: try until it is acknowledged; longer than Twilio itself would, but not for ever."""
        wait = 0.1
        begin = time.monotonic()
        rng = random.Random(message.form["MessageSid"])
        while time.monotonic() < deadline:
            message.attempts += 1
            try:
                status = self.twilio.post(message.form).status_code
            except requests.RequestException:
                status = None
            if status == 200:
                message.acknowledged_at = message.acknowledged_at or time.time()
                message.longest = max(message.longest, time.monotonic() - begin)
                return
            if status is not None and status < 500:
                message.refusals.append(status)
            time.sleep(wait * rng.uniform(0.5, 1.5))
            wait = min(wait * 1.5, 2.0)

    # What happens to them

    def _disturb(self, over):
        size, begin = self.size, time.monotonic()
        kinds = {
            "Odoo killed": (size.odoo_kills, self._kill_odoo),
            "PostgreSQL crashed": (size.postgres_crashes, self.postgres.crash),
            "Redis killed": (size.redis_kills, self._kill_redis),
        }
        events = [name for name, (times, _do) in kinds.items() for _time in range(times)]
        self._random.shuffle(events)
        if "PostgreSQL crashed" in events:
            # Last, so that what is left running has to cope by itself.
            events.remove("PostgreSQL crashed")
            events.append("PostgreSQL crashed")
        try:
            for name in events:
                time.sleep(self._random.uniform(*_PAUSES))
                kinds[name][1]()
                self.outcome.say(f"{time.monotonic() - begin:6.1f} s  {name}")
        except Exception as error:
            self.outcome.demand(False, f"{name}, and did not come back: {error}")
        finally:
            over.set()

    def _kill_odoo(self):
        with self._server_lock:
            self.server.kill()
            self.server.start()

    def _supervise(self, settled):
        """Start Odoo again when it ended by itself, as systemd or a container's restart policy does."""
        while not settled.wait(0.2):
            with self._server_lock:
                if self.server.has_ended():
                    self._ended += 1
                    self.server.kill()
                    try:
                        self.server.start()
                    except AssertionError as error:
                        self.outcome.say(f"           Odoo does not start: {str(error)[-200:]}")

    def _kill_redis(self):
        self.redis.kill()
        time.sleep(self._random.uniform(0, 2))
        self.redis.start()

    def _settle(self):
        """Wait until nothing is left to do. What waits for another try is let try now: time passes quickly here.

        Twilio misbehaves until every reply had its first try, for a while at most, and then no more: so this ends.
        """
        deadline = time.monotonic() + self.size.seconds
        peace = time.monotonic() + _MISBEHAVING_SECONDS
        while self._count("state IN ('received', 'queued', 'sending', 'unknown')") and time.monotonic() < deadline:
            untried = self._count("state = 'received' OR state = 'queued' AND COALESCE(attempts, 0) = 0")
            if not untried or time.monotonic() > peace:
                self.api.misbehave(0)
            self._let_time_pass()
            time.sleep(1)
        self.api.callbacks.wait_until_posted(120)

    def _count(self, condition):
        return self._query(f"SELECT count(*) FROM whatsapp_conversation_message WHERE {condition}")[0][0]

    def _let_time_pass(self):
        """What is to be tried again later is due now, unless somebody may be at it; Odoo's scheduler is told of it."""
        for table, column in (("whatsapp_conversation_message", "retry_at"), ("whatsapp_conversation", "due_at")):
            self._query(
                f"UPDATE {table} SET {column} = now() AT TIME ZONE 'UTC' WHERE {column} > now() AT TIME ZONE 'UTC'"
                f" AND write_date < now() AT TIME ZONE 'UTC' - interval '{_AT_IT_SECONDS} seconds'"
            )
        self._query(
            "INSERT INTO ir_cron_trigger (cron_id, call_at) SELECT res_id, now() AT TIME ZONE 'UTC'"
            " FROM ir_model_data WHERE model = 'ir.cron' AND module = 'colineal_whatsapp_crm'"
            " AND name IN ('ir_cron_worker', 'ir_cron_outbox')"
        )
        self.postgres.query("postgres", "SELECT pg_notify('cron_trigger', %s)", [self.server.database])

    def _query(self, statement, parameters=()):
        return self.postgres.query(self.server.database, statement, parameters)

    # What became of them

    def _judge(self):
        self._judge_intake()
        self._judge_answers()
        self._judge_leads()
        self._judge_deliveries()

    def _judge_intake(self):
        stored = defaultdict(list)
        for sid, at in self._query(
            "SELECT sid, extract(epoch FROM create_date) FROM whatsapp_conversation_message WHERE direction = 'inbound'"
        ):
            stored[sid].append(float(at))
        sids = {message.form["MessageSid"]: message for message in self._messages}
        demand = self.outcome.demand
        acknowledged = {sid for sid, message in sids.items() if message.acknowledged_at}
        demand(acknowledged == sids.keys(), f"{len(sids) - len(acknowledged)} messages were never acknowledged")
        lost = acknowledged - stored.keys()
        demand(not lost, f"{len(lost)} acknowledged messages are not stored")
        demand(not stored.keys() - sids.keys(), "messages are stored that nobody wrote")
        doubled = [sid for sid, times in stored.items() if len(times) > 1]
        demand(not doubled, f"{len(doubled)} messages are stored more than once")
        late = [sid for sid in stored.keys() & acknowledged if stored[sid][0] > sids[sid].acknowledged_at]
        demand(not late, f"{len(late)} messages were acknowledged, lost, and stored only when they came again")
        refused = Counter(status for message in self._messages for status in message.refusals)
        demand(
            not refused or self._retried & {"4xx", "all"},
            f"with the sender's setting Twilio tries again after {sorted(self._retried)}, but it got {dict(refused)}",
        )
        self.outcome.say(
            f"{len(sids)} messages, {sum(message.doubled for message in self._messages)} of them posted twice:"
            f" {sum(message.attempts for message in self._messages)} requests, the longest wait for an acknowledgement"
            f" {max(message.longest for message in self._messages):.1f} s; {len(stored)} stored"
        )

    def _judge_answers(self):
        customers = {message.form["From"] for message in self._messages}
        answered = {message["To"] for message in self.api.sent}
        demand = self.outcome.demand
        demand(customers <= answered, f"{len(customers - answered)} customers got no answer")
        states = self._query("SELECT direction, state, count(*) FROM whatsapp_conversation_message GROUP BY 1, 2")
        rows = {f"{direction} {state}": count for direction, state, count in sorted(states)}
        open_ends = {
            key: count
            for key, count in rows.items()
            if key.split()[1] in ("received", "queued", "sending", "unknown", "failed")
        }
        demand(not open_ends, f"messages are left over: {open_ends}")
        conversations = self._query("SELECT count(*), count(DISTINCT contact_id) FROM whatsapp_conversation")[0]
        demand(conversations == (len(customers),) * 2, f"{conversations} conversations, contacts of {len(customers)}")
        parked = self._query("SELECT error, count(*) FROM whatsapp_conversation WHERE error IS NOT NULL GROUP BY 1")
        demand(not parked, f"conversations with errors: {parked}")
        self.outcome.say(f"the ledger: {rows}")

    def _judge_leads(self):
        leads = self._query(
            """SELECT count(*), count(DISTINCT phone_sanitized) FROM crm_lead l LEFT JOIN crm_stage s ON s.id = stage_id
                WHERE l.active AND NOT COALESCE(s.is_won, false) AND phone_sanitized LIKE %s""",
            [f"+{_FIRST_CUSTOMER // 1_000_000}%"],
        )[0]
        self.outcome.demand(leads[0] == leads[1], f"{leads[0]} open leads for {leads[1]} customers")
        self.outcome.say(f"{leads[0]} open leads for {leads[1]} customers")

    def _judge_deliveries(self):
        """A reply is known by the callback URL that names its row; without one, by its text."""
        wanted = Counter(
            self._query("SELECT address, body FROM whatsapp_conversation_message WHERE direction = 'outbound'")
        )
        taken = defaultdict(list)
        for message in self.api.sent:
            taken[_name(message)].append(message)
        lies = {lie.message["sid"]: lie.kind for lie in self.api.lied}
        extra = {key: len(each) - (1 if isinstance(key, str) else wanted[key]) for key, each in taken.items()}
        denied = {key: sum(lies.get(message["sid"]) in DENIED for message in each) for key, each in taken.items()}
        extra = {key: count for key, count in extra.items() if count > 0}
        unexcused = [key for key, count in extra.items() if count > denied[key]]
        self.outcome.demand(
            not unexcused,
            f"{len(unexcused)} replies were delivered more often than Twilio had denied that it took them:"
            + "".join(f"\n    {self._describe(taken[key], lies)}" for key in unexcused[:5]),
        )
        by_text = Counter((message["To"], message["Body"]) for message in self.api.sent)
        unknown = by_text.keys() - wanted.keys()
        self.outcome.demand(not unknown, f"{len(unknown)} texts were sent that are no reply")
        self.outcome.say(f"Twilio was called, and misbehaved: {_plain(self.api.calls)}")
        self.outcome.say(
            f"{len(self.api.sent)} messages taken, without saying so: {_plain(Counter(lies.values()))};"
            f" {sum(denied.values())} denied; {len(extra)} replies delivered twice, {len(extra) - len(unexcused)} of them"
            " because of a denial"
        )
        results = Counter(result for _form, result in self.api.callbacks.posted)
        if self._ended:
            self.outcome.say(f"Odoo ended by itself {self._ended} times, and was started again")
        self.outcome.say(f"status callbacks: {dict(results)}, {len(self.api.callbacks.lost)} lost on the way")

    def _describe(self, messages, lies):
        """When a reply was delivered, with what answer, and what became of its row."""
        begin = self._begin_time
        times = [
            f"{self.api.taken_at[message['sid']] - begin:.1f} s {lies.get(message['sid'], 'acknowledged')} {message['sid']}"
            for message in messages
        ]
        rows = self._query(
            """SELECT id, sid, state, error, extract(epoch FROM create_date) - %s, extract(epoch FROM write_date) - %s
                 FROM whatsapp_conversation_message WHERE address = %s AND body = %s""",
            [begin, begin, messages[0]["To"], messages[0]["Body"]],
        )
        return f"taken {times}; rows {rows}"


def _name(message):
    return message.get("StatusCallback") or (message["To"], message["Body"])


def _plain(counter):
    return {str(key): count for key, count in sorted(counter.items())}
