"""Registrations: what a registry is sent and answers is valid, and comes back as it went."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structures_samples import HEADER, VERSIONS, schema_errors

from sdmx_gateway.errors import GatewayError, MessageRejected, StructureError
from sdmx_gateway.structures import Kind, Urn
from sdmx_gateway.structures.model import (
    Action,
    DataSource,
    QueryableSource,
    Registration,
    RegistrationRequest,
    RegistrationResult,
    RegistrationsAcknowledged,
    RegistrationsFound,
    RegistrationsSubmitted,
    RegistrationStatus,
    RegistryMessage,
    RegistryStatus,
    Status,
    StatusText,
    Text,
)
from sdmx_gateway.structures.registrations import (
    read_registrations,
    read_registrations_reporting,
    write_registrations,
)
from sdmx_gateway.structures.xml_text import forbidden_character

AGREEMENT = Urn(Kind.PROVISION_AGREEMENT, "MADE_UP", "CRIME_BY_US", "1.0")
SERVICE = QueryableSource(
    url="https://example.org/sdmx/rest/data/CRIME",
    is_rest=True,
    is_web_service=True,
    wsdl="https://example.org/sdmx.wsdl",
    wadl="https://example.org/sdmx.wadl",
)
REGISTRATION = Registration(
    agreement=AGREEMENT,
    source=DataSource(simple="https://example.org/crime.xml", queryable=SERVICE),
    id="R1",
    valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    valid_to=datetime(2027, 1, 1),  # noqa: DTZ001  (SDMX-ML has moments without a time zone)
    last_updated=datetime(2026, 11, 24, 9, 12, 0, 500000, tzinfo=timezone(timedelta(hours=1))),
    index_time_series=True,
    index_data_set=True,
    index_attributes=True,
    index_reporting_period=True,
)
SUBMITTED = RegistrationsSubmitted(
    requests=(
        RegistrationRequest(action=Action.REPLACE, registration=REGISTRATION),
        RegistrationRequest(
            action=Action.APPEND,
            registration=Registration(agreement=AGREEMENT, source=DataSource(simple="https://example.org/2.csv")),
        ),
    )
)
REFUSED = RegistryStatus(
    status=Status.FAILURE, texts=(StatusText(code="110", text=Text.of(en="no such agreement", fr="accord inconnu")),)
)
ACKNOWLEDGED = RegistrationsAcknowledged(
    statuses=(
        RegistrationStatus(registration=REGISTRATION, status=RegistryStatus(status=Status.SUCCESS)),
        RegistrationStatus(registration=SUBMITTED.requests[1].registration, status=REFUSED),
    )
)


def found(version: str) -> RegistrationsFound:
    """The answer to a query, with a constraint of the kind the version has."""
    kind = Kind.CONTENT_CONSTRAINT if version == "2.1" else Kind.DATA_CONSTRAINT
    return RegistrationsFound(
        status=RegistryStatus(status=Status.WARNING, texts=(StatusText(text=Text.of(en="two of three")),)),
        results=(
            RegistrationResult(
                registration=REGISTRATION, is_exact=True, constraints=(Urn(kind, "MADE_UP", "CN_CRIME", "1.0"),)
            ),
            RegistrationResult(registration=REGISTRATION, is_exact=False, is_metadata=True),
        ),
    )


versions = pytest.mark.parametrize("version", VERSIONS)


def reasons(message: RegistryMessage, version: str) -> str:
    with pytest.raises(StructureError) as refused:
        write_registrations(message, version, HEADER)
    return refused.value.why


@versions
def test_every_message_is_valid_and_comes_back(version: str) -> None:
    for message in (SUBMITTED, ACKNOWLEDGED, found(version), RegistrationsFound(status=REFUSED)):
        written = write_registrations(message, version, HEADER)
        assert schema_errors(written, version) == []
        assert read_registrations_reporting(written) == (message, ())


ids = st.from_regex(r"[A-Za-z0-9_@$\-]{1,8}", fullmatch=True)
agreements = st.builds(Urn, st.just(Kind.PROVISION_AGREEMENT), st.from_regex(r"[A-Za-z]{1,4}", fullmatch=True), ids)
addresses = st.sampled_from(["https://example.org/a?b=c&d#é", "ftp://example.org/x", "file.xml", "urn:x"])
moments = st.none() | st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=-5, minutes=-30))]),
)
services = st.builds(
    QueryableSource,
    url=addresses,
    is_rest=st.booleans(),
    is_web_service=st.booleans(),
    wsdl=st.none() | addresses,
    wadl=st.none() | addresses,
)
sources = st.builds(DataSource, simple=st.none() | addresses, queryable=st.none() | services)
registrations = st.builds(
    Registration,
    agreement=agreements,
    source=sources,
    id=st.none() | ids,
    valid_from=moments,
    valid_to=moments,
    last_updated=moments,
    index_time_series=st.booleans(),
    index_data_set=st.booleans(),
    index_attributes=st.booleans(),
    index_reporting_period=st.booleans(),
)
words = st.text(min_size=1, max_size=8).filter(
    lambda text: forbidden_character(text) is None and text[0] not in "\r\n" and text[-1] not in "\r\n"
)
texts = st.dictionaries(st.sampled_from(["fr", "en"]), words, max_size=2).map(lambda d: Text(tuple(d.items())))
statuses = st.builds(
    RegistryStatus,
    status=st.sampled_from(Status),
    texts=st.lists(st.builds(StatusText, code=st.none() | words, text=texts), max_size=2).map(tuple),
)
constraints = st.lists(
    st.builds(
        Urn,
        st.sampled_from([Kind.CONTENT_CONSTRAINT, Kind.DATA_CONSTRAINT, Kind.METADATA_CONSTRAINT, Kind.CODELIST]),
        st.just("A"),
        ids,
    ),
    max_size=2,
).map(tuple)
messages: st.SearchStrategy[RegistryMessage] = st.one_of(
    st.builds(
        RegistrationsSubmitted,
        requests=st.lists(
            st.builds(RegistrationRequest, action=st.sampled_from(Action), registration=registrations), max_size=3
        ).map(tuple),
    ),
    st.builds(
        RegistrationsAcknowledged,
        statuses=st.lists(st.builds(RegistrationStatus, registration=registrations, status=statuses), max_size=3).map(
            tuple
        ),
    ),
    st.builds(
        RegistrationsFound,
        status=statuses,
        results=st.lists(
            st.builds(
                RegistrationResult,
                registration=registrations,
                is_exact=st.booleans(),
                is_metadata=st.booleans(),
                constraints=constraints,
            ),
            max_size=3,
        ).map(tuple),
    ),
)


@versions
@settings(max_examples=100, deadline=None)
@given(message=messages)
def test_a_message_is_either_refused_or_valid_and_the_same_when_it_is_read(
    version: str, message: RegistryMessage
) -> None:
    try:
        written = write_registrations(message, version, HEADER)
    except StructureError:
        return
    assert schema_errors(written, version) == []
    assert read_registrations(written) == message


@versions
def test_every_reason_is_given_at_once(version: str) -> None:
    wrong = Registration(
        agreement=Urn(Kind.DATAFLOW, "MADE_UP", "CRIME"), source=DataSource(), id="no id", valid_from=None
    )
    why = reasons(
        RegistrationsFound(
            status=RegistryStatus(status=Status.SUCCESS, texts=(StatusText(text=Text()),)),
            results=(RegistrationResult(registration=wrong, is_exact=True),),
        ),
        version,
    )
    for said in ("no such thing", "neither simple nor queryable", "'no id'", "has no text"):
        assert said in why


def test_merge_is_an_action_of_sdmx_3_1_only() -> None:
    message = RegistrationsSubmitted(requests=(RegistrationRequest(action=Action.MERGE, registration=REGISTRATION),))
    assert read_registrations(write_registrations(message, "3.1", HEADER)) == message
    for version in ("2.1", "3.0"):
        assert "action 'Merge'" in reasons(message, version)


def test_a_message_about_nothing_is_refused() -> None:
    assert "about no registration" in reasons(RegistrationsSubmitted(requests=()), "3.0")
    assert "about no registration" in reasons(RegistrationsAcknowledged(statuses=()), "3.0")


def test_a_message_to_a_registry_names_its_receiver() -> None:
    with pytest.raises(StructureError) as refused:
        write_registrations(SUBMITTED, "2.1", replace(HEADER, receiver=None))
    assert "names its receiver" in refused.value.why


def test_sdmx_json_has_no_registry_interface() -> None:
    with pytest.raises(StructureError, match="no registry interface"):
        write_registrations(SUBMITTED, "sdmx-json-2.0", HEADER)


OTHERS = b"""<?xml version="1.0" encoding="utf-8"?>
<RegistryInterface xmlns="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message">
  <Header><ID>IDREF1</ID><Test>false</Test><Prepared>2016-02-24T17:58:41.8844+01:00</Prepared>
    <Sender id="Unknown" /><Receiver id="Unknown" /></Header>
  <SubmitRegistrationsRequest>
    <RegistrationRequest action="Append" xmlns="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/registry">
      <Registration id="575f" lastUpdated="2016-02-24T17:58:41.8274+01:00">
        <ProvisionAgreement><Ref id="TEST_PA" version="1.0" agencyID="TEST" xmlns="" /></ProvisionAgreement>
        <Datasource>
          <SimpleDataSource>
            http://example.org/one.xml
          </SimpleDataSource>
          <SimpleDataSource>http://example.org/two.xml</SimpleDataSource>
        </Datasource>
      </Registration>
    </RegistrationRequest>
  </SubmitRegistrationsRequest>
</RegistryInterface>"""


def test_what_others_send_is_read_and_what_is_not_held_is_told() -> None:
    message, notes = read_registrations_reporting(OTHERS)
    assert isinstance(message, RegistrationsSubmitted)
    (request,) = message.requests
    assert request.registration.agreement == Urn(Kind.PROVISION_AGREEMENT, "TEST", "TEST_PA", "1.0")
    assert request.registration.source == DataSource(simple="http://example.org/one.xml")
    assert [note.what for note in notes] == ["a second SimpleDataSource is not read"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"<?xml", b"<?xml ?><?xml", "not-well-formed"),
        (b"<RegistryInterface ", b"<!DOCTYPE x><RegistryInterface ", "doctype"),
        (b"v2_1/message", b"v2_0/message", "not-a-registry-message"),
        (b"SubmitRegistrationsRequest", b"SubmitSubscriptionsRequest", "not-a-registry-message"),
        (b"TEST_PA", b"TEST PA", "wrong-reference"),
        (b"Datasource", b"Nothing", "missing-part"),
        (b' action="Append"', b"", "missing-part"),
        (b"<Registration ", b"<Other ", "not-well-formed"),
    ],
)
def test_what_is_wrong_with_a_message_is_told(old: bytes, new: bytes, code: str) -> None:
    with pytest.raises(MessageRejected) as rejected:
        read_registrations(OTHERS.replace(old, new))
    assert code in {problem.code for problem in rejected.value.problems}


TOKEN = re.compile(rb'"[^"]*"|>[^<]*<|</?[a-z]+:[A-Za-z]+')


@settings(max_examples=100, deadline=None)
@given(data=st.data(), version=st.sampled_from(VERSIONS))
def test_a_spoilt_message_is_read_or_refused_and_never_breaks_the_reader(data: st.DataObject, version: str) -> None:
    written = write_registrations(found(version), version, HEADER)
    tokens = TOKEN.findall(written)
    for _ in range(data.draw(st.integers(1, 4))):
        old = data.draw(st.sampled_from(tokens))
        new = data.draw(st.sampled_from([token for token in tokens if token[:1] == old[:1]]) | st.binary(max_size=4))
        written = written.replace(old, new, data.draw(st.integers(1, 3)))
    try:
        again = write_registrations(read_registrations(written), version, HEADER)
    except GatewayError:
        return
    assert schema_errors(again, version) == []
