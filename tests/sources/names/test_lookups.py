"""What the DNS says of a host, from a real server on loopback: aliases, CAA, DNSSEC, and servers that mean us ill."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.config.model import CollectSettings
from scanner.errors import UsageError
from scanner.sources.exchange import Dns
from scanner.sources.names import resolvers
from scanner.sources.names.lookups import Lookups
from tests.servers.name_server import Behaviour, NameServer, Records

HOST = "login.example.com"
HERE = {HOST: {"A": ["192.0.2.1"]}}


def lookups(server: NameServer | str, **more: object) -> Lookups:
    address = server if isinstance(server, str) else server.address
    return Lookups(CollectSettings(dns=True, dns_server=address, connect_s=1, **more), threading.Event())  # type: ignore[arg-type]


def said(records: Records, host: str = HOST, **serving: object) -> Dns:
    """What is found out from a server with these records."""
    with NameServer(records, **serving) as server:  # type: ignore[arg-type]
        return lookups(server).of(host)


def said_by(behaviour: Behaviour) -> Dns:
    """What is found out where the server answers in this way about the host, and as it should about the names above."""
    with NameServer(HERE, {HOST: behaviour}) as server:
        return lookups(server).of(HOST)


def response(question: dns.message.Message, *texts: str) -> dns.message.Message:
    """An answer with these records: `name ttl class type data`."""
    made = dns.message.make_response(question, recursion_available=True)
    for text in texts:
        name, seconds, kind, sort, data = text.split(" ", 4)
        made.answer.append(dns.rrset.from_text(name, int(seconds), kind, sort, data))
    return made


class TestAliases:
    def test_there_are_none(self) -> None:
        found = said(HERE)
        assert (found.cnames, found.is_dangling, found.because) == ((), False, "")

    def test_are_told_in_their_order(self) -> None:
        records = {HOST: {"CNAME": ["a.Example.NET."]}, "a.example.net": {"CNAME": ["b.example.org."]}}
        found = said(records | {"b.example.org": {"A": ["192.0.2.1"]}})
        assert (found.cnames, found.is_dangling) == (("a.example.net", "b.example.org"), False)

    def test_dangle_where_the_last_name_does_not_exist(self) -> None:
        """RFC 6604 §3: NXDOMAIN with aliases is about the last of them."""
        found = said({HOST: {"CNAME": ["a.example.net."]}, "a.example.net": {"CNAME": ["gone.example.org."]}})
        assert (found.cnames, found.is_dangling) == (("a.example.net", "gone.example.org"), True)

    @pytest.mark.parametrize("records", [{"AAAA": ["2001:db8::1"]}, {"TXT": ["x"]}, {}])
    def test_do_not_dangle_where_the_name_exists_without_ipv4(self, records: dict[str, list[str]]) -> None:
        assert said({HOST: {"CNAME": ["a.example.net."]}, "a.example.net": records}).is_dangling is False

    def test_are_followed_where_the_server_does_not_do_it(self) -> None:
        """A server of zones answers with the alias alone where it leads out of them."""
        behaviours = {HOST: lambda question, _: response(question, f"{HOST}. 60 IN CNAME gone.example.org.").to_wire()}
        with NameServer({"example.org": {}}, behaviours) as server:
            found = lookups(server).of(HOST)
        assert (found.cnames, found.is_dangling) == (("gone.example.org",), True)

    def test_of_a_name_that_does_not_exist_are_not_known(self) -> None:
        assert said({}) == Dns(because="the name does not exist")

    def test_in_a_circle_are_not_known(self) -> None:
        found = said({HOST: {"CNAME": ["a.example.net."]}, "a.example.net": {"CNAME": [f"{HOST}."]}})
        assert found == Dns(because="the aliases go in a circle")

    def test_of_itself_is_a_circle(self) -> None:
        assert said({HOST: {"CNAME": [f"{HOST}."]}}).because == "the aliases go in a circle"

    @pytest.mark.parametrize(("length", "is_known"), [(16, True), (17, False)])
    def test_are_followed_sixteen_times(self, length: int, is_known: bool) -> None:
        names = [HOST, *(f"n{number}.example.net" for number in range(length))]
        records = {old: {"CNAME": [f"{new}."]} for old, new in pairwise(names)}
        found = said(records | {names[-1]: {"A": ["192.0.2.1"]}})
        assert (found.is_dangling is False) is is_known
        assert is_known or found.because == "there are more than 16 aliases, one after the other"

    def test_that_nobody_asked_about_are_passed_over(self) -> None:
        found = said_by(
            lambda question, _: response(
                question, f"{HOST}. 60 IN A 192.0.2.1", "other.example. 60 IN CNAME gone.example."
            ).to_wire()
        )
        assert found.cnames == ()

    def test_are_written_without_control_characters(self) -> None:
        r"""RFC 1035 §5.1: \DDD."""
        found = said({HOST: {"CNAME": [r"\027[31m\000\255.example.net."]}})
        assert found.cnames == (r"\027[31m\000\255.example.net",)


class TestAuthorities:
    def test_are_those_of_the_host(self) -> None:
        records = {HOST: {"A": ["192.0.2.1"], "CAA": ['0 issue "b.example"', '0 issue "a.example"']}}
        found = said(records | {"example.com": {"CAA": ['0 issue "c.example"']}})
        assert (found.caa, found.caa_at) == (('0 issue "a.example"', '0 issue "b.example"'), HOST)

    def test_are_else_those_of_the_nearest_name_above(self) -> None:
        """RFC 8659 §3."""
        found = said(HERE | {"example.com": {"CAA": ['0 issue ";"']}, "com": {"CAA": ['0 issue "c.example"']}})
        assert (found.caa, found.caa_at) == (('0 issue ";"',), "example.com")

    def test_are_none_where_no_name_has_any(self) -> None:
        with NameServer(HERE) as server:
            found = lookups(server).of(HOST)
        assert (found.caa, found.caa_at) == ((), None)
        assert [name for name, kind in server.asked if kind == "CAA"] == [HOST, "example.com", "com"]

    def test_of_an_alias_count_for_the_name(self) -> None:
        records = {HOST: {"CNAME": ["a.example.net."]}, "a.example.net": {"CAA": ['0 issue "ca.example"']}}
        assert said(records).caa == ('0 issue "ca.example"',)

    def test_above_an_alias_s_target_do_not_count(self) -> None:
        """RFC 8659 §3: only the names above the host itself."""
        records = {HOST: {"CNAME": ["a.example.net."]}, "a.example.net": {}, "example.net": {"CAA": ['0 issue "ca.example"']}}
        assert said(records).caa == ()

    def test_are_looked_for_above_a_dangling_alias(self) -> None:
        records = {HOST: {"CNAME": ["gone.example.net."]}, "example.com": {"CAA": ['0 issue "ca.example"']}}
        assert said(records).caa_at == "example.com"

    def test_of_a_name_with_very_many_labels_are_not_known(self) -> None:
        host = "x." * 20 + "example.com"
        found = said({host: {"A": ["192.0.2.1"]}}, host)
        assert (found.is_dangling, found.caa, found.because) == (False, None, "the name has more than 16 labels")

    def test_are_kept_in_bounds(self) -> None:
        """Thousands of octets, which come over TCP only: a few records, each cut."""
        records = {HOST: {"A": ["192.0.2.1"], "CAA": [f'0 issue "{number:03}{"x" * 600}"' for number in range(90)]}}
        caa = said(records).caa
        assert caa is not None
        assert (len(caa), {len(each) for each in caa}) == (16, {256})

    def test_are_written_without_control_characters(self) -> None:
        caa = said({HOST: {"A": ["192.0.2.1"], "CAA": [r'0 issue "\027]0;\007\000\226\128\174"']}}).caa
        assert caa == (r'0 issue "\027]0;\007\000\226\128\174"',)

    def test_that_cannot_be_asked_for_leave_the_aliases_known(self) -> None:
        def refuse_caa(question: dns.message.Message, _: bool) -> bytes:
            if question.question[0].rdtype == dns.rdatatype.CAA:
                return _coded(question, dns.rcode.SERVFAIL)
            return response(question, f"{HOST}. 60 IN A 192.0.2.1").to_wire()

        found = said_by(refuse_caa)
        assert (found.is_dangling, found.caa, found.because) == (False, None, "the resolver answered SERVFAIL")


class TestAuthentication:
    def test_is_what_a_validating_server_marks(self) -> None:
        """RFC 4035 §3.2.3."""
        assert said(HERE).is_authenticated is True

    def test_is_missing_where_a_validating_server_does_not_mark_it(self) -> None:
        assert said(HERE, unsigned=frozenset({HOST})).is_authenticated is False

    def test_is_not_known_of_a_server_that_does_not_validate(self) -> None:
        """It does not mark the root either, which is signed."""
        assert said(HERE, is_validating=False).is_authenticated is None

    def test_is_asked_for_once_in_a_collection(self) -> None:
        with NameServer(HERE | {"b.example.com": {}}) as server:
            asking = lookups(server)
            asking.of(HOST)
            asking.of("b.example.com")
        assert [name for name, _ in server.asked].count(".") == 1

    def test_takes_every_link_of_an_alias(self) -> None:
        behaviours = {HOST: _aliased_by_hand}
        with NameServer({"a.example.net": {"A": ["192.0.2.1"]}}, behaviours, unsigned=frozenset({"a.example.net"})) as server:
            assert lookups(server).of(HOST).is_authenticated is False


def _aliased_by_hand(question: dns.message.Message, _: bool) -> bytes:
    made = response(question, f"{HOST}. 60 IN CNAME a.example.net.")
    made.flags |= dns.flags.AD
    return made.to_wire()


def _coded(question: dns.message.Message, code: dns.rcode.Rcode) -> bytes:
    made = dns.message.make_response(question)
    made.set_rcode(code)
    return made.to_wire()


def _with_another_id(question: dns.message.Message, _: bool) -> bytes:
    made = response(question, f"{HOST}. 60 IN CNAME gone.example.")
    made.id = question.id ^ 0xFFFF
    return made.to_wire()


def _to_another_question(question: dns.message.Message, _: bool) -> bytes:
    other = dns.message.make_query("other.example.", "A", id=question.id)
    return response(other, "other.example. 60 IN A 192.0.2.1").to_wire()


def _always_truncated(question: dns.message.Message, is_tcp: bool) -> bytes:
    made = response(question)
    made.flags |= dns.flags.TC
    return made.to_wire()[:7] if is_tcp else made.to_wire()


def _closed_over_tcp(question: dns.message.Message, is_tcp: bool) -> bytes | None:
    return None if is_tcp else _always_truncated(question, False)


def _silent_over_tcp(question: dns.message.Message, is_tcp: bool) -> bytes | None:
    if is_tcp:
        time.sleep(1.5)
    return _closed_over_tcp(question, is_tcp)


def _with_a_pointer_to_itself(question: dns.message.Message, _: bool) -> bytes:
    question.use_edns(False)
    wire = bytearray(response(question).to_wire())
    wire[6:8] = (0, 1)  # one answer
    return bytes(wire) + b"\xc0" + bytes([len(wire)]) + b"\0\5\0\1\0\0\0\0\0\0"


NO_ANSWER = "what the resolver sent is no answer to the question"


class TestAServerThatMeansIll:
    @pytest.mark.parametrize(
        ("behaviour", "because"),
        [
            (lambda *_: None, "the resolver did not answer in time"),
            (lambda *_: b"", NO_ANSWER),
            (lambda *_: b"HTTP/1.1 400 Bad Request\r\n\r\n", NO_ANSWER),
            (lambda question, _: question.to_wire(), NO_ANSWER),
            (lambda question, _: response(question).to_wire()[:-1], NO_ANSWER),
            (lambda question, _: response(question).to_wire() + b"\0" * 1000, NO_ANSWER),
            (_with_another_id, NO_ANSWER),
            (_to_another_question, NO_ANSWER),
            (_with_a_pointer_to_itself, NO_ANSWER),
            (_always_truncated, NO_ANSWER),
            (_closed_over_tcp, "the resolver cannot be reached"),
            (_silent_over_tcp, "the resolver did not answer in time"),
            (lambda question, _: _coded(question, dns.rcode.SERVFAIL), "the resolver answered SERVFAIL"),
            (lambda question, _: _coded(question, dns.rcode.REFUSED), "the resolver answered REFUSED"),
            (lambda question, _: _coded(question, dns.rcode.Rcode(11)), "the resolver answered DSOTYPENI"),
        ],
    )
    def test_leaves_it_unknown_with_the_reason(self, behaviour: Behaviour, because: str) -> None:
        assert said_by(behaviour) == Dns(because=because)

    @given(st.binary(max_size=300), st.booleans())
    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_may_send_any_octets_after_a_good_beginning(self, octets: bytes, is_counted: bool) -> None:
        """And is no fault of ours."""

        def mixed(question: dns.message.Message, _: bool) -> bytes:
            wire = bytearray(response(question).to_wire())
            wire[6:8] = (0, 1 if is_counted else 0)
            return bytes(wire) + octets

        found = _answered_by(mixed)
        assert found.is_dangling is not None or not found.because.startswith("a fault")

    @given(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=6))
    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_may_change_any_octet_of_its_answer(self, changes: list[tuple[int, int]]) -> None:
        def changed(question: dns.message.Message, _: bool) -> bytes:
            made = response(question, f"{HOST}. 60 IN CNAME a.example.net.", 'a.example.net. 60 IN CAA 0 issue "ca.example"')
            wire = bytearray(made.to_wire())
            for at, octet in changes:
                if at not in (0, 1) and at < len(wire):
                    wire[at] = octet
            return bytes(wire)

        assert not _answered_by(changed).because.startswith("a fault")


def _answered_by(behaviour: Behaviour) -> Dns:
    """As `said_by`, where silence costs little."""
    with NameServer(HERE, {HOST: behaviour}) as server:
        asking = lookups(server)
        asking._resolvers._seconds = 0.05  # what is waited for is not what is tested
        return asking.of(HOST)


class TestWhatIsAsked:
    def test_is_a_question_for_each_host_once_however_many_want_it(self) -> None:
        with NameServer(HERE) as server, ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lookups(server).of, [HOST] * 32))
        assert len(set(found)) == 1
        assert server.asked.count((HOST, "A")) == 1

    def test_is_nothing_more_where_nobody_answers_even_about_the_root(self) -> None:
        """Thousands of hosts must not wait for a dead server one by one."""
        with NameServer(HERE, {".": lambda *_: None}) as server:
            asking = lookups(server)
            found = [asking.of(f"n{number}.example.com") for number in range(50)]
        assert set(found) == {Dns(because="the resolver did not answer in time")}
        assert {name for name, _ in server.asked} == {"."}

    def test_is_nothing_once_the_collection_has_ended(self) -> None:
        stop = threading.Event()
        stop.set()
        with NameServer(HERE) as server:
            found = Lookups(CollectSettings(dns=True, dns_server=server.address), stop).of(HOST)
        assert (found.because, server.asked) == ("the collection ended before", [])

    def test_ends_in_time_whatever_the_server_does(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A server that takes its time over each of many questions: the whole has an end."""

        def slowly(question: dns.message.Message, _: bool) -> bytes:
            time.sleep(0.2)
            number = int(question.question[0].name.labels[0][1:] or b"0")
            return response(question, f"{question.question[0].name} 60 IN CNAME n{number + 1}.example.com.").to_wire()

        monkeypatch.setattr("scanner.sources.names.lookups._SECONDS", 1)
        with NameServer({}, {f"n{number}.example.com": slowly for number in range(20)}) as server:
            assert lookups(server).of("n0.example.com") == Dns(because="it took more than 1 seconds in all")

    def test_goes_to_the_next_server_where_one_fails(self) -> None:
        with NameServer({}, {HOST: lambda question, _: _coded(question, dns.rcode.SERVFAIL)}) as bad, NameServer(HERE) as good:
            servers = (("127.0.0.1", bad.port), ("127.0.0.1", good.port))
            asking = lookups(bad)
            asking._resolvers = resolvers.Resolvers(servers, 1, threading.Event())
            assert asking.of(HOST).is_dangling is False

    def test_shows_a_fault_of_ours_as_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def faulty(*_: object) -> None:
            raise ZeroDivisionError("secret of the server")

        monkeypatch.setattr("scanner.sources.names.lookups.aliases_of", faulty)
        because = said(HERE).because
        assert because.startswith("a fault of jwksgov, please report it: ZeroDivisionError at test_lookups.py")
        assert "secret" not in because


class TestTheServers:
    def test_are_the_system_s_unless_one_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class System:
            nameservers: tuple[str, ...] = ("192.0.2.53", "https://dns.example/query", "2001:db8::53")

        monkeypatch.setattr("dns.resolver.Resolver", System)
        assert resolvers.servers_of(None) == (("192.0.2.53", 53), ("2001:db8::53", 53))
        assert resolvers.servers_of("[::1]:5353") == (("::1", 5353),)
        System.nameservers = ()
        with pytest.raises(UsageError, match="names no DNS server"):
            resolvers.servers_of(None)

    def test_are_not_asked_where_the_address_is_none(self) -> None:
        with pytest.raises(UsageError, match="is no address of a DNS server"):
            lookups("dns.example.com")
