import os
from unittest.mock import patch

from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..lib import rate_limit, redis_cache
from ..lib.rate_limit import BoundedMemoryStorage, LogThrottle, network_of
from .common import CUSTOMER, WhatsappCase

#: Nothing listens there.
NOWHERE = {"REDIS_URL": "redis://127.0.0.1:1/0"}


class TestMemory(BaseCase):
    def setUp(self):
        super().setUp()
        self.now = 0.0

    def test_count_begins_anew(self):
        limiter = FixedWindowRateLimiter(BoundedMemoryStorage(clock=lambda: self.now))
        twice = RateLimitItemPerMinute(2)
        self.assertEqual([limiter.hit(twice, name) for name in "aaab"], [True, True, False, True])
        self.now = 59.9
        self.assertFalse(limiter.test(twice, "a"))
        self.now = 60
        self.assertTrue(limiter.test(twice, "a"))
        self.assertEqual([limiter.hit(twice, "a") for _time in range(3)], [True, True, False])

    def test_window_does_not_move_with_what_comes(self):
        storage = BoundedMemoryStorage(clock=lambda: self.now)
        for second in (0, 30, 59):
            self.now = second
            storage.incr("a", 60)
        self.now = 60
        self.assertEqual(storage.get("a"), 0)

    def test_flood_from_a_million_addresses_takes_no_more_memory(self):
        storage = BoundedMemoryStorage(most=1000, clock=lambda: self.now)
        storage.incr("early", 60)
        for number in range(1_000_000):
            storage.incr(number, 60)
        self.assertEqual((len(storage), storage.get("early"), storage.get(999_999)), (1000, 0, 1))

    def test_whoever_has_a_network_has_one_count(self):
        self.assertEqual(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:2:ffff::9"))
        self.assertNotEqual(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"))
        self.assertNotEqual(network_of("192.0.2.1"), network_of("192.0.2.2"))
        self.assertEqual(network_of("::ffff:192.0.2.1"), network_of("192.0.2.1"))
        self.assertEqual(network_of("no address"), network_of(None))

    def test_log_throttle(self):
        throttle = LogThrottle(60, clock=lambda: self.now)
        self.assertEqual([throttle.hit("a"), throttle.hit("a"), throttle.hit("b")], [0, None, 0])
        self.now = 60
        self.assertEqual(throttle.hit("a"), 1)


@tagged("post_install", "-at_install")
class TestRateLimit(WhatsappCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(redis_cache, "_resting_until", 0.0))
        rate_limit._shared.reset()
        self.caller = (self.env.cr.dbname, f"test:{id(self)}:{self._testMethodName}")

    def hit(self, times):
        return [rate_limit.hit_api(*self.caller) for _time in range(times)]

    def assertLimited(self, waits):
        self.assertEqual(waits[0], 0)
        self.assertIn(waits[1], range(1, 61))

    def test_counted_in_redis_over_processes(self):
        if redis_cache.get_status() != "up":
            self.skipTest("no Redis")
        with patch.dict(os.environ, {"API_RATE_LIMIT": "1"}):
            self.assertEqual(self.hit(1), [0])
            rate_limit._shared.reset()
            self.assertIn(self.hit(1)[0], range(1, 61))
            self.assertEqual(len(rate_limit._shared.own), 0, "nothing is counted twice")

    def test_same_limit_where_redis_is_down_or_absent(self):
        for settings in ({"REDIS_URL": ""}, NOWHERE, {"REDIS_URL": "not a url"}):
            rate_limit._shared.reset()
            redis_cache._resting_until = 0.0
            with patch.dict(os.environ, {**settings, "API_RATE_LIMIT": "1"}), mute_logger(redis_cache.__name__):
                self.assertLimited(self.hit(2))

    def test_redis_that_goes_away_between_two_requests(self):
        if redis_cache.get_status() != "up":
            self.skipTest("no Redis")
        with patch.dict(os.environ, {"API_RATE_LIMIT": "1"}), mute_logger(redis_cache.__name__):
            self.assertEqual(self.hit(1), [0])
            with patch.dict(os.environ, NOWHERE):
                self.assertLimited(self.hit(2))

    def test_setting(self):
        for text, limit in {"0": 0, "12": 12, "-1": 0, "many": rate_limit.API_DEFAULT}.items():
            with patch.dict(os.environ, {"API_RATE_LIMIT": text}), mute_logger(rate_limit.__name__):
                self.assertEqual(rate_limit.get_api_limit(), limit)
        with patch.dict(os.environ, {"API_RATE_LIMIT": "0"}):
            self.assertEqual(self.hit(3), [0, 0, 0])

    def test_keys_name_the_addon_and_the_database(self):
        if redis_cache.get_status() != "up":
            self.skipTest("no Redis")
        client = redis_cache._client()
        rate_limit.hit_api(*self.caller)
        [key] = client.scan_iter(f"{redis_cache.PREFIX}:{self.env.cr.dbname}:api/{self.caller[1]}/*")
        self.assertIn(client.ttl(key), range(1, 61))

    def test_customer_who_floods_is_read_in_larger_parts(self):
        with patch.dict(os.environ, REDIS_URL=""):
            for _time in range(31):
                rate_limit.hit_message(self.env.cr.dbname, self.sender.id, CUSTOMER)
            self.receive("Hola")
            with self.as_worker() as env:
                env["whatsapp.worker"]._route_messages()
        conversation = self.get_conversation()
        self.assertGreater((conversation.due_at - conversation.last_inbound_at).total_seconds(), 10)
