"""No URL, no name and no redirect leads inside: 60 and more spellings and tries, with servers that nobody may connect to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scanner.sources.exchange import Wanted
from tests.servers.collecting import is_complete, keys_through_metadata, outcome, visited
from tests.servers.conversation import Conversation
from tests.servers.hostile.behaviour import answer_well
from tests.servers.issuers import JWKS, ordinary_issuer
from tests.servers.lab import Lab, Server
from tests.servers.proxy import tunnel

REFUSED = {"address-refused", "bad-url", "redirect"}

# what some client somewhere reads as this machine, its network or its cloud
SPELLINGS = (
    # loopback, plainly and in the spellings of inet_aton
    "https://127.0.0.1:{port}/",
    "https://127.0.0.1.:{port}/",
    "https://127.255.255.254:{port}/",
    "https://127.1:{port}/",
    "https://127.0.1:{port}/",
    "https://2130706433:{port}/",
    "https://0x7f000001:{port}/",
    "https://0x7F.0x0.0x0.0x1:{port}/",
    "https://0x7f.1:{port}/",
    "https://017700000001:{port}/",
    "https://0177.0.0.01:{port}/",
    "https://0177.0x0.0.1:{port}/",
    "https://127.0.0.01:{port}/",
    "https://4294967296127.0.0.1:{port}/",
    "https://340282366920938463463374607431768211457:{port}/",
    "https://0:{port}/",
    "https://0.0.0.0:{port}/",
    "https://0x:{port}/",
    "https://0.0.0.0.0.0x7f000001:{port}/",
    # encoded, in other digits and dots
    "https://%31%32%37.0.0.1:{port}/",
    "https://127%2e0%2e0%2e1:{port}/",
    "https://%6c%6fcalhost:{port}/",
    "https://１２７.０.０.１:{port}/",
    "https://①②⑦.⓪.⓪.①:{port}/",
    "https://127。0。0。1:{port}/",
    "https://127．0．0．1:{port}/",
    "https://١٢٧.٠.٠.١:{port}/",
    "https://𝟭𝟮𝟳.𝟬.𝟬.𝟭:{port}/",
    # its name
    "https://localhost:{port}/",
    "https://LOCALHOST:{port}/",
    "https://localhost.:{port}/",
    "https://localhost..:{port}/",
    "https://a.b.localhost:{port}/",
    "https://ｌｏｃａｌｈｏｓｔ:{port}/",
    "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/",
    "https://local\u00adhost:{port}/",
    "https://metadata.google.internal:{port}/",
    # whoever reads the authority differently
    "https://login.example@127.0.0.1:{port}/",
    "https://login.example:443@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}\\@login.example/",
    "https://login.example\\@127.0.0.1:{port}/",
    "https:\\\\127.0.0.1:{port}/",
    "https:///127.0.0.1:{port}/",
    "https:127.0.0.1:{port}/",
    "https://127.0.0.1:{port}#@login.example/",
    "https://127.0.0.1:{port}?@login.example/",
    "https://127.0.0.1\t:{port}/",
    "https://127.0.0.1\n:{port}/",
    " https://127.0.0.1:{port}/",
    "https://127.0.0.1%00.login.example:{port}/",
    "https://127.0.0.1:{port}:80/",
    # IPv6, and what carries IPv4 in it
    "https://[::1]:{port}/",
    "https://[0:0:0:0:0:0:0:1]:{port}/",
    "https://[0000:0000:0000:0000:0000:0000:0000:0001]:{port}/",
    "https://[::]:{port}/",
    "https://[::ffff:127.0.0.1]:{port}/",
    "https://[::ffff:7f00:1]:{port}/",
    "https://[::FFFF:0:7f00:1]:{port}/",
    "https://[::127.0.0.1]:{port}/",
    "https://[64:ff9b::127.0.0.1]:{port}/",
    "https://[64:ff9b:1::127.0.0.1]:{port}/",
    "https://[64:ff9b:1:7f00:0:100::]:{port}/",
    "https://[2002:7f00:1::]:{port}/",
    "https://[2001:0:7f00:1::]:{port}/",
    "https://[2001::80ff:fffe]:{port}/",
    "https://[fe80::1]:{port}/",
    "https://[fe80::1%25lo]:{port}/",
    "https://[fe80::1%lo]:{port}/",
    "https://[::1%25lo]:{port}/",
    "https://[fe80::5efe:127.0.0.1]:{port}/",
    "https://[2606:4700::200:5efe:127.0.0.1]:{port}/",
    "https://[127.0.0.1]:{port}/",
    "https://[::1:{port}/",
    "https://::1:{port}/",
    "https://[v1.127.0.0.1]:{port}/",
    # the rest of what is not the public network
    "https://10.0.0.1:{port}/",
    "https://172.16.0.1:{port}/",
    "https://192.168.0.1:{port}/",
    "https://100.64.0.1:{port}/",
    "https://169.254.1.1:{port}/",
    "https://169.254.169.254:{port}/latest/meta-data/",
    "https://[::ffff:a9fe:a9fe]:{port}/",
    "https://0xa9fea9fe:{port}/",
    "https://100.100.100.200:{port}/",
    "https://168.63.129.16:{port}/",
    "https://192.0.0.192:{port}/",
    "https://[fd00:ec2::254]:{port}/",
    "https://[fd20:ce::254]:{port}/",
    "https://[fc00::1]:{port}/",
    "https://[fec0::1]:{port}/",
    "https://[ff02::1]:{port}/",
    "https://[2001:db8::1]:{port}/",
    "https://[100::1]:{port}/",
    "https://[4000::1]:{port}/",
    "https://192.0.2.1:{port}/",
    "https://198.18.0.1:{port}/",
    "https://224.0.0.1:{port}/",
    "https://240.0.0.1:{port}/",
    "https://255.255.255.255:{port}/",
    # other ways in
    "http://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_x",
    "ftp://127.0.0.1:{port}/",
    "unix:///var/run/docker.sock",
    "data:application/json,{{}}",
    "//127.0.0.1:{port}/",
)


INSIDE = ("127.0.0.1", "127.0.0.2", "::1")


@pytest.fixture
def trap(lab: Lab) -> Iterator[Server]:
    """Servers inside, on one port: whoever connects to one fails the test. Every name that is not the lab's leads there."""
    first = lab.serve(INSIDE[0], answer_well)
    others = [lab.serve(address, answer_well, address=address, port=first.port) for address in INSIDE[1:]]
    lab.addresses.clear()
    lab.stranger = INSIDE
    yield first
    assert [each.connections for each in (first, *others)] == [0, 0, 0]


@pytest.mark.parametrize("spelling", SPELLINGS)
class TestEverySpelling:
    def test_is_refused_as_jwks_uri(self, lab: Lab, trap: Server, spelling: str) -> None:
        assert outcome(keys_through_metadata(lab, spelling.format(port=trap.port))) in REFUSED

    def test_is_refused_in_a_redirect(self, lab: Lab, trap: Server, spelling: str) -> None:
        location = spelling.format(port=trap.port).encode().decode("latin-1")
        # a line end in a header is no header any more
        expected = {"protocol"} if "\n" in location else REFUSED
        assert outcome(keys_through_metadata(lab, _redirecting(lab, location).url(JWKS))) in expected

    def test_is_refused_when_named(self, lab: Lab, trap: Server, spelling: str) -> None:
        (visit,) = visited(lab, Wanted(issuer=spelling.format(port=trap.port), source="named", is_declared=False))
        assert {outcome(each) for each in visit.exchanges} <= REFUSED

    def test_is_refused_through_a_proxy(self, lab: Lab, trap: Server, spelling: str) -> None:
        """A proxy resolves names itself, and cannot be watched; addresses and the names of this machine are refused before."""
        proxy = tunnel(lab)
        settings = {"proxy": f"http://127.0.0.1:{proxy.port}"}
        assert outcome(keys_through_metadata(lab, spelling.format(port=trap.port), **settings)) in REFUSED
        assert not [request for request in proxy.requests if str(trap.port) in request.target]


class TestRebinding:
    def test_the_address_that_was_checked_is_the_one_that_is_dialled(self, lab: Lab) -> None:
        """A name that answers differently each time is asked once for each connection."""
        good = ordinary_issuer(lab, "good")
        trap = lab.serve("127.0.0.2", answer_well, address="127.0.0.2", port=_port(good.issuer))
        answers = iter([("127.0.0.1",), ("127.0.0.2",), ("127.0.0.2",)])
        lab.addresses["good.test"] = lambda: next(answers)
        (visit,) = visited(lab, Wanted(issuer=good.issuer))
        assert is_complete(visit)
        assert lab.asked == ["good.test"]
        assert trap.connections == 0

    def test_each_new_connection_is_checked_again(self, lab: Lab) -> None:
        good = ordinary_issuer(lab, "good")
        answers = iter([("127.0.0.1",), ("169.254.169.254",)])
        lab.addresses["good.test"] = lambda: next(answers)
        (visit,) = visited(lab, Wanted(issuer=good.issuer), repeat=2)
        again = [outcome(each) for each in visit.exchanges if each.purpose == "again"]
        assert again == ["address-refused"]

    def test_each_attempt_is_checked_again(self, lab: Lab) -> None:
        odd = lab.serve("odd", lambda talk: talk.reset())
        answers = iter([("127.0.0.1",), ("169.254.169.254",)])
        lab.addresses["odd.test"] = lambda: next(answers)
        found = keys_through_metadata(lab, odd.url(JWKS), retries=2, total_s=5)
        assert (outcome(found), found.attempts) == ("address-refused", 2)

    @pytest.mark.parametrize(
        "addresses", [("127.0.0.1", "192.0.1.1"), ("192.0.1.1", "127.0.0.1"), ("192.0.1.1", "::ffff:127.0.0.1")]
    )
    def test_a_name_with_a_public_and_a_private_address_is_refused(
        self, lab: Lab, trap: Server, addresses: tuple[str, ...]
    ) -> None:
        """One address that may not be dialled is reason enough: a name of honest intent has none."""
        lab.strangers["both.test"] = addresses
        assert outcome(keys_through_metadata(lab, f"https://both.test:{trap.port}/")) == "address-refused"

    @pytest.mark.parametrize(
        "address", ["169.254.169.254", "fe80::1%lo", "fd00:ec2::254", "0.0.0.0", "::ffff:169.254.169.254", "127.1", "", "x"]
    )
    def test_a_name_that_is_allowed_does_not_lead_to_a_cloud_or_to_nowhere(self, lab: Lab, trap: Server, address: str) -> None:
        lab.addresses["allowed.test"] = (address,)
        assert outcome(keys_through_metadata(lab, f"https://allowed.test:{trap.port}/")) == "address-refused"


class TestAllowPrivate:
    @pytest.mark.parametrize("allowed", ["good.test", "GOOD.test", "good.test."])
    def test_a_host_is_allowed_by_its_name_however_it_is_written(self, lab: Lab, allowed: str) -> None:
        good = ordinary_issuer(lab, "good")
        (visit,) = visited(lab, Wanted(issuer=good.issuer), allow_private=[allowed])
        assert is_complete(visit)

    @pytest.mark.parametrize("allowed", ["test", "od.test", "a.good.test", "127.0.0.1"])
    def test_nothing_less_and_nothing_more_allows_it(self, lab: Lab, allowed: str) -> None:
        good = ordinary_issuer(lab, "good")
        (visit,) = visited(lab, Wanted(issuer=good.issuer), allow_private=[allowed])
        assert {outcome(each) for each in visit.exchanges} == {"address-refused"}
        assert not good.requests

    @pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
    def test_an_address_is_allowed_by_itself(self, lab: Lab, address: str) -> None:
        good = ordinary_issuer(lab, address, address=address)
        (visit,) = visited(lab, Wanted(issuer=good.issuer))
        assert is_complete(visit)


def _redirecting(lab: Lab, location: str) -> Server:
    def behaviour(talk: Conversation) -> None:
        while talk.request() is not None:
            talk.answer(302, (("Location", location),))

    return lab.serve("redirecting", behaviour)


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])
