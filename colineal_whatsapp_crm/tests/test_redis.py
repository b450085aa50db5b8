import json
import os
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib import rate_limit, redis_cache
from .common import CUSTOMER, WhatsappCase

MODULE = "odoo.addons.colineal_whatsapp_crm.lib.redis_cache"
#: Nothing listens there.
NOWHERE = {"REDIS_URL": "redis://127.0.0.1:1/0"}


@tagged("post_install", "-at_install")
class TestRedisCache(WhatsappCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(redis_cache, "_resting_until", 0.0))
        self.place = (self.env.cr.dbname, self.sender.id)

    def need_redis(self):
        if redis_cache.get_status() != "up":
            self.skipTest("no Redis")

    def get_state(self):
        """The customer's open conversation as a program beside Odoo reads it, which the README says how to."""
        key = f"colineal_whatsapp_crm:{self.env.cr.dbname}:conversation:{self.sender.id}:{CUSTOMER}"
        return redis_cache.attempt(lambda client: json.loads(client.get(key) or "null"))

    def test_seen_and_counted_after_the_commit(self):
        self.need_redis()
        message = self.receive("Hola")
        self.assertFalse(redis_cache.was_seen(*self.place, message.sid))
        self.env.cr.postcommit.run()
        self.assertTrue(redis_cache.was_seen(*self.place, message.sid))
        self.assertGreater(rate_limit.count_messages(*self.place, CUSTOMER), 0)

    def test_seen_message_is_not_stored_again(self):
        self.need_redis()
        message = self.receive("Hola")
        self.env.cr.postcommit.run()
        self.assertFalse(self.receive("Hola", MessageSid=message.sid) - message)

    def test_state_of_an_open_conversation(self):
        self.need_redis()
        self.customer("Busco sofás")
        conversation = self.get_conversation()
        conversation._publish_state()
        self.env.cr.postcommit.run()
        state = self.get_state()
        self.assertEqual(state["pending"], "request_contact_info")
        self.assertEqual(state["slots"]["products"]["value"], ["sofá"])
        self.assertEqual([line["author"] for line in state["messages"]], ["customer", "assistant"])
        conversation.action_close()
        self.env.cr.postcommit.run()
        self.assertIsNone(self.get_state())

    def test_everything_works_without_redis(self):
        with patch.dict(os.environ, NOWHERE), mute_logger(MODULE):
            self.customer("Busco sofás")
            self.env.cr.postcommit.run()
            self.assertEqual(self.get_conversation().action, "request_contact_info")
            self.assertEqual(self.sender.redis_status, "down")

    def test_redis_that_fails_is_left_alone_for_a_while(self):
        with patch.dict(os.environ, NOWHERE), self.assertLogs(MODULE, "WARNING") as logs:
            for _time in range(5):
                self.assertFalse(redis_cache.was_seen(*self.place, "SM1"))
        self.assertEqual(len(logs.output), 1)

    def test_without_redis_nothing_is_asked(self):
        with patch.dict(os.environ):
            os.environ.pop("REDIS_URL", None)
            self.assertEqual(self.sender.redis_status, "off")
            self.assertFalse(redis_cache.was_seen(*self.place, "SM1"))

    def test_malformed_url_is_no_outage(self):
        with patch.dict(os.environ, {"REDIS_URL": "not a url"}), mute_logger(MODULE):
            self.assertTrue(self.customer("Hola"))
