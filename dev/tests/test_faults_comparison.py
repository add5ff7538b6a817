"""The comparison of `make faults` finds what was sent twice, lost, logged wrongly, left unknown or stuck."""

import pytest

from dev.faults.comparison import FORBIDDEN, Entry, Side, State, compare

REMINDER = ("item", 7, "INV/1", "Reminder")
OTHER = ("item", 8, "INV/2", "Reminder")
ONE, TWO = ("<1>", "one@here"), ("<2>", "one@here")
CONTROL = ("<control>", "one@here")


def _entry(key, state, *contents):
    return Entry(*key, state, frozenset(contents or [REMINDER]))


def _compare(entries, deliveries, *control):
    """Compare with a control that sent the given contents to the same recipient."""
    control_entries = [_entry(CONTROL, State.SENT, *control)] if control else []
    return compare(Side(entries, deliveries), Side(control_entries, [CONTROL] if control else []))


def _counts(result):
    return {kind: len(findings) for kind, findings in vars(result).items() if findings}


def test_a_message_sent_once_is_right():
    assert _counts(_compare([_entry(ONE, State.SENT)], [ONE], REMINDER)) == {}


def test_nothing_at_all_is_right():
    assert _counts(_compare([], [])) == {}


def test_a_message_delivered_twice_was_sent_twice():
    assert _counts(_compare([_entry(ONE, State.SENT)], [ONE, ONE])) == {"sent_twice": 1}


def test_two_messages_about_the_same_step_were_sent_twice():
    entries = [_entry(ONE, State.SENT), _entry(TWO, State.SENT, REMINDER, OTHER)]
    (finding,) = _compare(entries, [ONE, TWO]).sent_twice
    assert "INV/1" in finding


def test_the_next_step_and_another_recipient_are_right():
    next_step, other = ("item", 7, "INV/1", "Final notice"), ("<1>", "two@here")
    entries = [_entry(ONE, State.SENT), _entry(other, State.SENT), _entry(TWO, State.SENT, next_step)]
    assert _counts(_compare(entries, [ONE, other, TWO])) == {}


@pytest.mark.parametrize("state", [State.FAILED, State.WAITING])
def test_what_waits_for_a_person_is_not_lost(state):
    assert _counts(_compare([_entry(ONE, state)], [], REMINDER)) == {}


def test_what_only_the_control_sent_is_lost():
    assert _counts(_compare([], [], REMINDER)) == {"lost": 1}
    assert _counts(_compare([_entry(ONE, State.CANCELLED)], [], REMINDER)) == {"lost": 1}
    assert _counts(_compare([_entry(ONE, State.SENT, OTHER)], [ONE], REMINDER, OTHER)) == {"lost": 1}


def test_what_is_sent_by_a_later_message_is_not_lost():
    entries = [_entry(ONE, State.CANCELLED), _entry(TWO, State.SENT)]
    assert _counts(_compare(entries, [TWO], REMINDER)) == {}


def test_a_customer_with_an_unknown_delivery_waits():
    assert _compare([_entry(ONE, State.UNKNOWN, OTHER)], [], REMINDER, OTHER).lost == []
    stranger = [_entry(("<3>", "two@here"), State.UNKNOWN, OTHER)]
    assert len(_compare(stranger, [], REMINDER).lost) == 1


def test_another_address_is_not_missed_while_a_person_looks_after_the_first():
    elsewhere = ("<1>", "two@here")
    assert _counts(_compare([_entry(elsewhere, State.FAILED)], [], REMINDER)) == {}
    assert _counts(_compare([_entry(elsewhere, State.SENT)], [elsewhere], REMINDER)) == {"lost": 1}
    both = [_entry(elsewhere, State.FAILED), _entry(ONE, State.CANCELLED)]
    assert _counts(_compare(both, [], REMINDER)) == {"lost": 1}


def test_sent_without_a_delivery_is_wrong():
    result = _compare([_entry(ONE, State.SENT)], [])
    assert _counts(result) == {"logged_wrongly": 1}


def test_sent_without_a_delivery_is_also_lost():
    assert _counts(_compare([_entry(ONE, State.SENT)], [], REMINDER)) == {"logged_wrongly": 1, "lost": 1}


@pytest.mark.parametrize("state", [State.FAILED, State.WAITING, State.CANCELLED])
def test_not_sent_with_a_delivery_is_wrong(state):
    assert _counts(_compare([_entry(ONE, state)], [ONE])) == {"logged_wrongly": 1}


def test_a_delivery_without_an_entry_is_wrong():
    entry = _entry(ONE, State.SENT)
    assert _counts(_compare([entry], [ONE, ("<1>", "two@here")])) == {"logged_wrongly": 1}


def test_unknown_is_counted_whether_it_was_delivered_or_not():
    entries = [_entry(ONE, State.UNKNOWN), _entry(TWO, State.UNKNOWN, OTHER)]
    result = _compare(entries, [ONE], REMINDER, OTHER)
    assert _counts(result) == {"unknown": 2, "unknown_delivered": 1}
    assert not set(_counts(result)) & set(FORBIDDEN)


def test_what_is_queued_or_being_sent_at_the_end_is_stuck():
    entries = [_entry(ONE, State.SENDING), _entry(TWO, State.QUEUED, OTHER)]
    assert _counts(_compare(entries, [], REMINDER, OTHER)) == {"stuck": 2}


def test_two_recipients_of_one_message_are_told_apart():
    other = ("<1>", "two@here")
    entries = [_entry(ONE, State.SENT), _entry(other, State.FAILED)]
    assert _counts(_compare(entries, [ONE])) == {}
    assert _counts(_compare(entries, [ONE, other])) == {"logged_wrongly": 1}
