import pytest
from understanding.llm import breaker
from understanding.llm.breaker import Breaker


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

        def monotonic(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(breaker, "time", clock)
    return clock


def fail(circuit, times):
    for _time in range(times):
        assert circuit.allows()
        circuit.note(False)


def test_opens_after_failures_in_a_row(clock):
    circuit = Breaker()
    fail(circuit, 3)
    assert circuit.allows()
    circuit.note(True)
    fail(circuit, 4)
    assert not circuit.allows() and circuit.is_open


def test_one_probe_after_the_rest_decides(clock):
    circuit = Breaker()
    fail(circuit, 4)
    clock.now += 21
    assert circuit.allows()
    assert not circuit.allows(), "one probe at a time"
    circuit.note(True)
    assert circuit.allows() and not circuit.is_open


def test_failed_probe_makes_the_rest_longer(clock):
    circuit = Breaker()
    fail(circuit, 4)
    clock.now += 21
    fail(circuit, 1)
    clock.now += 21
    assert not circuit.allows()
    clock.now += 20
    assert circuit.allows()


def test_service_that_says_when_is_left_alone_until_then(clock):
    circuit = Breaker()
    circuit.allows()
    circuit.note(False, retry_after=7)
    assert not circuit.allows()
    clock.now += 7.1
    assert circuit.allows()


def test_hopeless_failure_opens_at_once_for_long(clock):
    circuit = Breaker()
    circuit.allows()
    circuit.note(False, hopeless=True)
    clock.now += 590
    assert not circuit.allows()
    clock.now += 20
    assert circuit.allows()
