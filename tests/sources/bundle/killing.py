"""`jwksgov collect` killed with SIGKILL at random moments and resumed, against real servers: what is left each time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scanner.sources.bundle.folder import FolderBundle
from scanner.sources.bundle.state import folder_of, state_of
from scanner.sources.bundle.verify import verify
from tests.servers.conversation import Conversation
from tests.servers.issuers import OrdinaryIssuer, ordinary_issuer
from tests.servers.lab import Behaviour, Lab

ROOT = Path(__file__).parents[3]
_PAUSE_S = 0.02  # before each answer, so that a collection takes long enough to be killed in its middle
DOCUMENTS = 9  # of each issuer: two documents and one as another client, the key set twice, and as four other clients


@dataclass
class Killed:
    """What a kill left: after how many seconds, lines that are whole, octets behind them, and whether all lines that were
    whole before are still there and all objects of the lines are sound.
    """

    after_s: float
    lines: int
    torn_octets: int
    is_all_kept: bool
    is_sound: bool


class Estate:
    """Issuers that take their time, the configuration that lists them, and a bundle that is being collected."""

    def __init__(self, lab: Lab, folder: Path, target: str, *, issuers: int) -> None:
        self.folder = folder
        self.target = str(folder / target)
        self.issuers = [ordinary_issuer(lab, "127.0.0.1", path=f"/tenant-{number}") for number in range(issuers)]
        for each in self.issuers:
            assert each.server is not None
            each.server.behaviour = _slowly(each)
        listed = "".join(f"  - {{issuer: '{each.issuer}'}}\n" for each in self.issuers)
        (folder / ".jwksgov.yaml").write_text(
            f"issuers:\n{listed}collect:\n  allow_private: ['127.0.0.1']\n  ca_bundle: {lab.settings().ca_bundle}\n"
            "  per_host: 4\n  retries: 0\n"
        )
        self.whole = b""

    def collect(self) -> subprocess.Popen[bytes]:
        """The command, begun or resumed."""
        words = ["collect", "-q", "-o", self.target, *(["--resume"] if state_of(self.target) != "absent" else [])]
        command = [sys.executable, "-m", "scanner", *words]
        return subprocess.Popen(command, cwd=self.folder, env=os.environ | {"PYTHONPATH": str(ROOT)})

    def kills(self, count: int, choose: random.Random, *, most_s: float) -> Iterator[Killed]:
        """Kill a collection that many times, each after a random time from its first new line on, and look at what is left."""
        for _ in range(count):
            running = self.collect()
            self._wait_for_lines(running)
            after_s = choose.uniform(0, most_s)
            time.sleep(after_s)
            running.send_signal(signal.SIGKILL)
            running.wait()
            if state_of(self.target) == "complete":
                return
            yield self._left(after_s)

    def complete(self) -> bool:
        """Let one run go to its end, unless the last one did so before it was killed; whether it succeeded."""
        return state_of(self.target) == "complete" or self.collect().wait() == 0

    def _wait_for_lines(self, running: subprocess.Popen[bytes]) -> None:
        """Until it writes, or has ended: starting Python says nothing about bundles."""
        path = Path(folder_of(self.target)) / "exchanges.jsonl"
        while running.poll() is None and (not path.exists() or path.stat().st_size <= len(self.whole)):
            time.sleep(0.002)

    def _left(self, after_s: float) -> Killed:
        folder = folder_of(self.target)
        log = FolderBundle(folder).log()
        data = b""
        if log is not None:
            with log:
                data = log.read()
        whole = data[: data.rfind(b"\n") + 1]
        is_all_kept = whole.startswith(self.whole)
        self.whole = whole
        is_sound = not verify(folder, None).problems
        return Killed(after_s, whole.count(b"\n"), len(data) - len(whole), is_all_kept, is_sound)


def _slowly(issuer: OrdinaryIssuer) -> Behaviour:
    def behaviour(talk: Conversation) -> None:
        while (request := talk.request()) is not None:
            time.sleep(_PAUSE_S)
            found = issuer.answers.get(request.target)
            talk.answer(*((found.status, found.headers, found.body) if found else (404,)))

    return behaviour
