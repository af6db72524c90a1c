#!/usr/bin/env python3
"""Collecting issuers side by side: jwksgov, curl --parallel and plain httpx fetch the same documents in the same run.

usage: collect.py [--issuers N] [--runs N] [--port N] [--only TOOL]

Each issuer has a name of its own on loopback and gives three documents (both well-known ones and its keys) over one connection:
one whole TLS handshake an issuer, in every tool (nginx's log is the witness). Whole processes, interleaved, medians: documents
a second, CPU seconds of the client, peak memory, and the rate as a share of curl's. Needs nginx; curl where PATH has it.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

from benchmarks.loopback_issuers import DOCUMENTS, Issuers

_PARALLEL = 64
_GROUP = 192
_STARTED = "2026-07-01T00:00:00Z"


def jwksgov(port: int, ca_bundle: str, count: int) -> None:
    """What `jwksgov collect --repeat 1` does, an evidence bundle on disk included; names by an injected resolver, loopback
    allowed by name.
    """
    from scanner.commands.network import settings_for_bundle
    from scanner.config.model import CollectSettings
    from scanner.redaction.body import redact_private
    from scanner.sources.bundle.format import CollectionRequest
    from scanner.sources.bundle.writer import create
    from scanner.sources.exchange import Wanted
    from scanner.sources.web.collection import collect

    gc.set_threshold(20_000, 20, 100)  # as scanner.cli.main does for every command
    names = [f"h{number}.test" for number in range(count)]
    settings = CollectSettings(allow_private=names, ca_bundle=ca_bundle, concurrency=_PARALLEL, repeat=1)
    wanted = tuple(Wanted(issuer=f"https://{name}:{port}") for name in names)
    asked = CollectionRequest(version="0", started=_STARTED, wanted=wanted, settings=settings_for_bundle(settings))
    bundle = pathlib.Path(ca_bundle).with_name("bundle")
    shutil.rmtree(bundle, ignore_errors=True)
    with create(str(bundle), asked) as writer:
        visits = collect(wanted, settings, redact=redact_private, keep=writer.add, resolver=lambda _: ("127.0.0.1",))
        failed = sum(not exchange.has_document for visit in visits for exchange in visit.exchanges)
        writer.finish(_STARTED)
    assert not failed, f"{failed} documents failed"


def plain_httpx(port: int, ca_bundle: str, count: int) -> None:
    """AsyncClient as a script would use it: a client for each name, so that no pool is searched; one TLS context for all."""
    import ssl

    import httpcore
    import httpx
    from httpcore._backends.auto import AutoBackend

    class Loopback(AutoBackend):
        """Every name leads to loopback."""

        async def connect_tcp(self, host: str, port: int, *more: Any, **named: Any) -> httpcore.AsyncNetworkStream:
            assert host.endswith(".test")
            return await super().connect_tcp("127.0.0.1", port, *more, **named)

    context = ssl.create_default_context(cafile=ca_bundle)

    async def issuer(number: int, limit: asyncio.Semaphore) -> None:
        async with limit:
            transport = httpx.AsyncHTTPTransport(verify=context)
            transport._pool._network_backend = Loopback()
            async with httpx.AsyncClient(transport=transport) as client:
                for target in DOCUMENTS:
                    response = await client.get(f"https://h{number}.test:{port}{target}")
                    response.raise_for_status()

    async def every() -> None:
        limit = asyncio.Semaphore(_PARALLEL)
        await asyncio.gather(*(issuer(number, limit) for number in range(count)))

    asyncio.run(every())


def curl_configuration(issuers: Issuers) -> str:
    """A document of each of some names, then the next of them: by then its connection is there and idle."""
    lines = ["parallel", f"parallel-max = {_PARALLEL}", f'cacert = "{issuers.ca_bundle}"', "http1.1", "silent", "fail"]
    # --resolve would be read again for every transfer
    lines += ['connect-to = "::127.0.0.1:"', "no-progress-meter"]
    for begin in range(0, len(issuers.names), _GROUP):
        for target in DOCUMENTS:
            for url in issuers.urls(issuers.names[begin : begin + _GROUP], target):
                lines += [f'url = "{url}"', 'output = "/dev/null"']
    return "\n".join(lines)


def commands(issuers: Issuers) -> dict[str, list[str]]:
    """What each tool runs."""
    configuration = issuers.folder / "curl.cfg"
    configuration.write_text(curl_configuration(issuers))
    ours = [sys.executable, "-m", "benchmarks.collect"]
    facts = ["--port", str(issuers.port), "--ca", str(issuers.ca_bundle), "--issuers", str(len(issuers.names))]
    tools = {"jwksgov": [*ours, *facts, "--client", "jwksgov"], "httpx": [*ours, *facts, "--client", "httpx"]}
    return tools | ({"curl": ["curl", "-K", str(configuration)]} if shutil.which("curl") else {})


def run(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MiB of one process with its children."""
    begin = time.perf_counter()
    with subprocess.Popen(command, cwd=pathlib.Path(__file__).parent.parent) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed with {process.returncode}")
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(issuers: Issuers, runs: int, only: str | None) -> None:
    """Print each tool's medians."""
    wanted = len(DOCUMENTS) * len(issuers.names)
    tools = {name: command for name, command in commands(issuers).items() if only in (None, name)}
    rows: dict[str, list[tuple[float, float, float]]] = {name: [] for name in tools}
    for _ in range(runs):
        for name, command in tools.items():
            rows[name].append(run(command))
            answers, connections = issuers.requests()
            if answers != wanted:
                raise SystemExit(f"{name} fetched {answers} documents of {wanted}")
            if connections != len(issuers.names):
                print(f"{name} took {connections} connections for {len(issuers.names)} names")
    rates = {name: wanted / statistics.median(wall for wall, _, _ in measured) for name, measured in rows.items()}
    for name, measured in sorted(rows.items()):
        cpu = statistics.median(each for _, each, _ in measured)
        peak = max(each for _, _, each in measured)
        share = f"  {rates[name] / rates['curl']:.2f} of curl" if "curl" in rates else ""
        print(f"{name:8} {rates[name]:7.0f} documents/s  {cpu:6.2f} s CPU  {peak:6.1f} MiB{share}")


def main() -> None:
    """Run the benchmark, or one client of it."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--issuers", type=int, default=1000)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--port", type=int, default=18443)
    arguments.add_argument("--only", choices=["jwksgov", "curl", "httpx"])
    arguments.add_argument("--client", choices=["jwksgov", "httpx"], help=argparse.SUPPRESS)
    arguments.add_argument("--ca", help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.client is not None:
        client = {"jwksgov": jwksgov, "httpx": plain_httpx}[chosen.client]
        client(chosen.port, chosen.ca, chosen.issuers)
        return
    with tempfile.TemporaryDirectory() as folder, Issuers(pathlib.Path(folder), chosen.issuers, chosen.port) as issuers:
        compare(issuers, chosen.runs, chosen.only)


if __name__ == "__main__":
    main()
