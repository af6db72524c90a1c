"""However the documents are parted among processes and in whatever order the parts are merged, the report is the same."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.clock import clock_at
from scanner.config.model import Config, IssuerEntry
from scanner.evidence.read_document import FileContent
from scanner.findings.baseline import write_baseline
from scanner.findings.model import Report, Run
from scanner.pack.shipped import shipped_pack
from scanner.pipeline import Part, Pipeline
from scanner.policy.select import select
from scanner.renderers.choose import render
from scanner.scan import Decisions, finish, load_decisions
from scanner.sources.document import Document, Unreadable
from tests.vectors.material import ec_jwk, number, okp_jwk, private_rsa_members, rsa_jwk, scalar, sound_modulus

FORMATS = ("text", "json", "sarif", "html")
PACK = shipped_pack(examples=True)
RULES = select(PACK, profile="baseline", changes={}, places={})
Content = FileContent | Unreadable
CLOCK = clock_at("2026-06-01")
RSA = {**rsa_jwk(sound_modulus()), "kid": "shared"}
KEYS: tuple[dict[str, Any], ...] = (
    RSA,
    {**RSA, "kid": "the same key"},
    {**RSA, **private_rsa_members(), "kid": "with its private half"},
    {**ec_jwk("P-256"), "kid": "shared"},
    {**ec_jwk("P-256", d=number(scalar("P-256"), 32)), "kid": "leaked"},
    {**okp_jwk("Ed25519"), "kid": "ed"},
    {"kty": "RSA", "n": number(11_000_003 * 1_000_003, 6), "e": "AQAB", "kid": "shares a prime"},
    {"kty": "RSA", "n": number(11_000_003 * 1_000_033, 6), "e": "AQAB", "kid": "shares it too"},
    {"kty": "oct", "k": "c2VjcmV0", "kid": "shared"},
)
ISTIO = """\
kind: RequestAuthentication
spec:
  jwtRules:
  {comment}
  - issuer: https://issuer-{number}.example.com
    jwksUri: {scheme}://issuer-{number}.example.com/jwks.json
"""
SPRING = "spring.security.oauth2.resourceserver.jwt:\n  issuer-uri: https://issuer-{number}.example.com {comment}\n"
COMMENTS = (
    "# an ordinary remark",
    "# jwksgov: ignore[audience-not-restricted] agreed; owner=me; expires=2027-01-01",
    "# jwksgov: ignore[audience-not-restricted] over; owner=me; expires=2026-01-01",
    "# jwksgov: ignore[no-such-rule]",
)
WAIVERS = """\
waivers:
  - rule: rsa-modulus-too-small
    subject: {{kid: shares a prime}}
    reason: Agreed.
    owner: me
    expires: {expires}
  - rule: audience-not-restricted
    subject: {{issuer: "https://issuer-1.example.com"}}
    reason: Agreed.
    owner: me
    expires: {expires}
  - rule: audience-not-restricted
    subject: {{path: gone.yaml}}
    reason: Covers nothing.
    owner: me
    expires: {expires}
"""

numbers = st.integers(0, 3)
sets = st.lists(st.sampled_from(KEYS), max_size=4).map(lambda keys: json.dumps({"keys": keys}, indent=1))


def metadata_of(issuer_number: int) -> str:
    issuer = f"https://issuer-{issuer_number}.example.com"
    return json.dumps(
        {
            "issuer": issuer,
            "jwks_uri": f"{issuer}/jwks.json",
            "authorization_endpoint": f"{issuer}/authorize",
            "response_types_supported": ["code"],
        }
    )


istio = st.builds(
    lambda number, comment, scheme: ISTIO.format(number=number, comment=comment, scheme=scheme),
    numbers,
    st.sampled_from(COMMENTS),
    st.sampled_from(["http", "https"]),
)
spring = st.builds(lambda number, comment: SPRING.format(number=number, comment=comment), numbers, st.sampled_from(COMMENTS))
private = st.sampled_from([json.dumps(KEYS[2]), f"KEY='{json.dumps(KEYS[4])}'", json.dumps({"a": KEYS[2]})])
broken = st.sampled_from(['{"keys": [', '{"keys": [{"kty": "RSA"}], // x', ISTIO + "  }: {", "\x00"])
FOLDERS = ("a", "b", "c/d")
files = st.lists(
    st.tuples(
        st.sampled_from(FOLDERS),
        st.one_of(
            st.tuples(st.sampled_from(["jwks.json", "old-jwks.json"]), sets),
            st.tuples(st.just("openid-configuration.json"), numbers.map(metadata_of)),
            st.tuples(st.sampled_from(["mesh.yaml", "api.yaml"]), istio),
            st.tuples(st.just("application.yaml"), spring),
            st.tuples(st.sampled_from(["key.json", ".env"]), private),
            st.tuples(st.sampled_from(["x-jwks.json", "broken.yaml"]), broken),
        ),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda file: (file[0], file[1][0]),
).map(lambda found: {f"{folder}/{name}": text for folder, (name, text) in found})


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Decisions:
    """A waiver file, and a baseline of an estate that has some of the files."""
    folder = tmp_path_factory.mktemp("decided")
    (folder / "waivers.yaml").write_text(WAIVERS.format(expires=date(2027, 1, 1)))
    pipeline = Pipeline(PACK, RULES, at=CLOCK.now())
    part = pipeline.part()
    old = {"a/jwks.json": json.dumps({"keys": list(KEYS)}), "b/mesh.yaml": ISTIO.format(number=1, comment="", scheme="http")}
    for found in contents(pipeline, old):
        pipeline.read(found, part)
    with (folder / "baseline.json").open("w") as file:
        write_baseline(finish(pipeline, part, run(), Decisions()), file)
    return load_decisions(Config(waivers=str(folder / "waivers.yaml"), baseline=str(folder / "baseline.json")))


def run() -> Run:
    return Run(clock=CLOCK.stamp(), scope=(".",), profile="baseline", fail_on="medium")


def pipeline_of(decided: Decisions) -> Pipeline:
    notes = (IssuerEntry(issuer="https://issuer-1.example.com", owner="identity", kind="login"),)
    return Pipeline(
        PACK, RULES, at=CLOCK.now(), config=Config(waivers=decided.shown, issuers=notes), targets=(".",), follows=True
    )


def contents(pipeline: Pipeline, texts: dict[str, str]) -> list[Content]:
    """What reading each file gives."""
    found: list[Content] = []
    for path, text in texts.items():
        data = text.encode()
        if text == "\x00":
            found.append(Unreadable(path, "permission denied", is_named=False))
        else:
            found.append(FileContent(pipeline.reader.read(Document(path, data)), data))
    return found


def written(report: Report) -> dict[str, str]:
    return {format_: render(report, format_) for format_ in FORMATS}


def parted(pipeline: Pipeline, found: Sequence[Content], shares: Sequence[int]) -> list[Part]:
    """The parts of a run, each from a process of its own."""
    parts = []
    for share in sorted(set(shares)):
        part = pipeline.part()
        for each, own in zip(found, shares, strict=True):
            if own == share:
                pipeline.read(each, part)
        pipeline.end(part)
        parts.append(pickle.loads(pickle.dumps(part)))
    return parts


class TestAnyParting:
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(texts=files, data=st.data())
    def test_gives_the_same_report_in_every_format(
        self, decided: Decisions, texts: dict[str, str], data: st.DataObject
    ) -> None:
        whole = pipeline_of(decided)
        part = whole.part()
        for each in contents(whole, texts):
            whole.read(each, part)
        wanted = written(finish(whole, part, run(), decided))
        pipeline = pipeline_of(decided)
        found = data.draw(st.permutations(contents(pipeline, texts)))
        shares = data.draw(st.lists(st.integers(0, 4), min_size=len(found), max_size=len(found)))
        parts = data.draw(st.permutations(parted(pipeline, found, shares)))
        merged = pipeline.part()
        for each_part in parts:
            merged.merge(each_part)
        assert written(finish(pipeline, merged, run(), decided)) == wanted

    def test_of_an_estate_with_everything_finds_what_only_several_documents_show(self, decided: Decisions) -> None:
        """The property above would hold of an estate in which nothing is joined."""
        texts = {
            "a/jwks.json": json.dumps({"keys": [KEYS[0], KEYS[6]]}),
            "b/jwks.json": json.dumps({"keys": [KEYS[1], KEYS[7]]}),
            "a/openid-configuration.json": metadata_of(1),
            "key.json": json.dumps(KEYS[2]),
            "api.yaml": ISTIO.format(number=1, comment=COMMENTS[0], scheme="https"),
            "mesh.yaml": ISTIO.format(number=2, comment=COMMENTS[1], scheme="https"),
        }
        pipeline = pipeline_of(decided)
        found = contents(pipeline, texts)
        merged = pipeline.part()
        for part in parted(pipeline, found, range(len(found))):
            merged.merge(part)
        report = finish(pipeline, merged, run(), decided)
        assert {"key_pair", "platform", "fleet", "issuer_keys", "waiver"} <= set(report.results)
        assert {finding.subject.kind for finding in report.findings} >= {"key_pair", "waiver"}
        assert {finding.waiver.source for finding in report.findings if finding.waiver is not None} == {"inline", "file"}
        assert {finding.baseline_state for finding in report.findings} >= {"new", "unchanged"}


def scanned(folder: Path, jobs: int) -> tuple[bytes, ...]:
    """The bytes of every format, as the command writes them."""
    outputs = [part for name in ("a.txt", "a.json", "a.sarif", "a.html") for part in ("-o", str(folder.parent / name))]
    command = [sys.executable, "-m", "scanner", "scan", str(folder), "--isolated", "--now", "2026-06-01", "--jobs", str(jobs)]
    done = subprocess.run([*command, *outputs], capture_output=True, timeout=300, check=False)
    assert done.returncode in (1, 3), done.stderr
    return (done.stdout, *((folder.parent / name).read_bytes() for name in ("a.txt", "a.json", "a.sarif", "a.html")))


class TestTheCommand:
    def test_writes_the_same_bytes_with_one_process_and_with_three(self, tmp_path: Path) -> None:
        folder = tmp_path / "estate"
        for each in range(460):
            path = folder / f"{each % 7}" / f"{each:03}"
            path.mkdir(parents=True)
            (path / "values.yaml").write_text(f"replicas: {each}\n")
            if each % 20 == 0:
                keys = [KEYS[each // 20 % len(KEYS)], KEYS[each // 10 % len(KEYS)]]
                (path / "jwks.json").write_text(json.dumps({"keys": keys}))
            if each % 15 == 0:
                comment = COMMENTS[each // 15 % len(COMMENTS)]
                (path / "mesh.yaml").write_text(ISTIO.format(number=each % 4, comment=comment, scheme="http"))
        assert scanned(folder, 1) == scanned(folder, 3)
