"""The customer sees that somebody writes to them, as Twilio is asked to show it."""

import pytest
from browsing import log_in
from server import PASSWORD, wait_until
from standins.twilio_api import Misbehaviour


@pytest.fixture
def page(browser, live_shop):
    live_shop.add_salesperson("typing-seller", "group_sale_salesman_all_leads", lang="en_US")
    with log_in(browser, live_shop, "typing-seller", PASSWORD) as page:
        yield page


def open_composer(shop, page, customer):
    page.goto(f"{shop.server.url}/odoo/discuss?active_id=discuss.channel_{shop.open_thread(customer)}")
    page.wait_for_selector(".o-whatsapp-ThreadBar")
    return page.locator(".o-mail-Composer-input:visible")


def get_sent(twilio_api, customer):
    return [message["Body"] for message in twilio_api.sent if message["To"] == f"whatsapp:{customer}"]


def test_customer_sees_that_a_colleague_writes(live_shop, twilio_api, customer, page):
    sid = live_shop.twilio.deliver(customer, "Hola")
    wait_until(lambda: get_sent(twilio_api, customer), what="an answer")
    assert sid not in twilio_api.typing, "the rules answer at once"
    composer = open_composer(live_shop, page, customer)
    composer.press_sequentially("Buenas")
    wait_until(lambda: sid in twilio_api.typing, what="a sign of life")
    composer.press("Enter")
    wait_until(lambda: get_sent(twilio_api, customer)[1:] == ["Buenas"], what="what the colleague wrote")
    assert twilio_api.typing.count(sid) == 1


# Last: after a failure the sender does without for a while.
def test_words_go_while_twilio_hangs(live_shop, twilio_api, customer, page):
    twilio_api.failures["show_typing"].append(Misbehaviour.HANG)
    sid = live_shop.twilio.deliver(customer, "Hola")
    wait_until(lambda: get_sent(twilio_api, customer), what="an answer")
    before = twilio_api.calls["show_typing"]
    composer = open_composer(live_shop, page, customer)
    composer.press_sequentially("Buenas")
    wait_until(lambda: twilio_api.calls["show_typing"] > before, what="a call that hangs")
    composer.press("Enter")
    wait_until(lambda: get_sent(twilio_api, customer)[1:] == ["Buenas"], what="what the colleague wrote")
    assert sid not in twilio_api.typing
    assert not live_shop.server.search_read("whatsapp.job.failure", [], ["job"])
