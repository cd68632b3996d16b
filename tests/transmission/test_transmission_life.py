from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_gateway.errors import ForbiddenStep
from sdmx_gateway.transmission import DELIVERED, TRANSITIONS, UNSEALED, Event, State, step

# The table once more, as the sentence it is: what is not said here cannot happen.
LIFE = """
due          prepare     prepared
prepared     validate    validated
prepared     supersede   superseded
validated    approve     approved
validated    supersede   superseded
approved     seal        sealed
approved     supersede   superseded
sealed       start       sending
sending      hand_over   sent
sending      refuse      refused
sending      lose        unknown
sent         acknowledge acknowledged
sent         refuse      refused
sent         lose        unknown
acknowledged refuse      refused
unknown      find        reconciled
unknown      miss        sealed
unknown      refuse      refused
reconciled   refuse      refused
superseded   prepare     prepared
"""
ALLOWED = {
    (State(before), Event(event.replace("_", " "))): State(after)
    for before, event, after in (line.split() for line in LIFE.strip().splitlines())
}


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_every_event_in_every_state_is_a_step_or_is_forbidden_naming_what_is_allowed(
    state: State, event: Event
) -> None:
    if (state, event) in ALLOWED:
        assert step(state, event) is ALLOWED[state, event]
        return
    with pytest.raises(ForbiddenStep) as caught:
        step(state, event, subject="f00")
    text = str(caught.value)
    assert f"a transmission that is {state} cannot be {event.done}" in text
    assert text.startswith("f00: ")
    allowed = [possible.done for before, possible in ALLOWED if before is state]
    assert all(word in caught.value.why for word in allowed or ["the end of its life"])


def test_every_state_is_in_the_table_and_can_be_reached() -> None:
    assert set(TRANSITIONS) == set(State)
    reached = {State.DUE} | {after for events in TRANSITIONS.values() for after in events.values()}
    assert reached == set(State)


def test_nothing_is_sealed_that_was_not_approved_nor_approved_that_was_not_validated() -> None:
    def ways_into(state: State) -> set[State]:
        return {before for (before, _), after in ALLOWED.items() if after is state}

    assert ways_into(State.SEALED) == {State.APPROVED, State.UNKNOWN}
    assert ways_into(State.APPROVED) == {State.VALIDATED}
    assert ways_into(State.VALIDATED) == {State.PREPARED}
    assert ways_into(State.SENDING) == {State.SEALED}


def test_nothing_is_sent_out_of_unknown_and_nothing_sealed_is_superseded() -> None:
    assert State.SENDING not in TRANSITIONS[State.UNKNOWN].values()
    assert {State.PREPARED, State.VALIDATED, State.APPROVED} == UNSEALED


@given(st.lists(st.sampled_from(list(Event)), max_size=40))
def test_whatever_happens_a_delivery_was_approved_sealed_and_started(events: list[Event]) -> None:
    state, seen = State.DUE, []
    for event in events:
        if event in TRANSITIONS[state]:
            state = step(state, event)
            seen.append(event)
    if state in DELIVERED:
        for needed in (Event.VALIDATE, Event.APPROVE, Event.SEAL, Event.START):
            assert needed in seen
