"""Runs an installed Helm or kustomize on a copy of the files of one unit, for `--render` alone.

The program is given the copy and nothing else of the tree, an empty home and no other environment, and no network where the
system can take that away; elsewhere it is not started for what names something remote. Nothing of its output or errors is told
but what the readers make of it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

from scanner.errors import UsageError
from scanner.files.limits import LARGEST_FILE
from scanner.record import record
from scanner.sources.rendering import NotRendered, Program, Rendering
from scanner.sources.targets import read_within

_SECONDS = 30.0
_STEP = 0.02
_MOST_FILES = 5_000
_MOST_BYTES = 64 * 1024 * 1024
_REMEDY = "Install Helm (https://helm.sh) or kustomize (https://kustomize.io; kubectl has it, too), or leave --render out."


@record
class Programs:
    """The installed programs: the words that start each, and those before them that take the network away. `seconds`: the time
    that each run may take.
    """

    helm: tuple[str, ...]
    kustomize: tuple[str, ...]
    without_network: tuple[str, ...]
    seconds: float = _SECONDS

    def render(self, wanted: Rendering, root: str) -> str | NotRendered:
        """The text that the program writes."""
        command = self.helm if wanted.program == "helm" else self.kustomize
        if not command:
            return NotRendered(f"{wanted.program} is not installed, and what it would render is not known")
        if wanted.names_remote and not self.without_network:
            return NotRendered(f"{wanted.program} is not run: it names something remote, and no network can be taken away here")
        with tempfile.TemporaryDirectory(prefix="jwksgov-render-") as folder:
            top = os.path.join(folder, "files")
            if not _copy(wanted.files, root, top):
                return NotRendered(f"{wanted.program} is not run: its files are too many or too large")
            arguments = _arguments(wanted, root, top)
            return _run((*self.without_network, *command, *arguments), wanted.program, folder, self.seconds)


def find_programs() -> Programs:
    """The programs on the user's PATH; UsageError where there is none."""
    helm, kustomize, kubectl = map(_find, ("helm", "kustomize", "kubectl"))
    build = (kustomize, "build") if kustomize else (kubectl, "kustomize") if kubectl else ()
    if not helm and not build:
        raise UsageError(what="--render: neither helm nor kustomize is installed", remedy=_REMEDY)
    return Programs((helm, "template") if helm else (), build, _find_isolation())


def _find(name: str) -> str:
    """The absolute path of a program in a folder that the user's PATH names by its absolute path."""
    folders = [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if os.path.isabs(folder)]
    return shutil.which(name, path=os.pathsep.join(folders)) or ""


def _find_isolation() -> tuple[str, ...]:
    """The command that runs another one without a network; nothing where the system has none, or does not let us."""
    unshare, true = _find("unshare"), _find("true")
    if not unshare or not true or not sys.platform.startswith("linux"):
        return ()
    command = (unshare, "--net", "--map-root-user")
    done = subprocess.run((*command, true), capture_output=True, check=False, timeout=_SECONDS)  # noqa: S603
    return command if done.returncode == 0 else ()


def _arguments(wanted: Rendering, root: str, top: str) -> Iterator[str]:
    folder = _in_copy(wanted.folder, root, top)
    if wanted.program == "kustomize":
        yield from ("--load-restrictor=LoadRestrictionsRootOnly", folder)
        return
    yield from ("release", folder)
    for path in wanted.values:
        yield f"--values={_in_copy(path, root, top)}"


def _in_copy(path: str, root: str, top: str) -> str:
    return os.path.normpath(os.path.join(top, os.path.relpath(path, root)))


def _copy(paths: Iterable[str], root: str, top: str) -> bool:
    """Copy files to the same places below another folder; False where there are too many."""
    left_files, left_bytes = _MOST_FILES, _MOST_BYTES
    for path in _list_files(paths):
        data = read_within(path, root, left_bytes)
        if data is None:
            continue  # gone, no regular file, or a link that leads out
        left_files, left_bytes = left_files - 1, left_bytes - len(data)
        if left_files < 0 or left_bytes <= 0:
            return False
        target = _in_copy(path, root, top)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as copy:
            copy.write(data)
    return True


def _list_files(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = [name for name in folders if name != ".git"]
            yield from (os.path.join(folder, name) for name in names)


def _environment(folder: str) -> dict[str, str]:
    """An environment with an empty home, and no program beside the one that is started."""
    home = os.path.join(folder, "home")
    os.makedirs(home)
    made = {"HOME": home, "PATH": home, "TMPDIR": home, "KUBECONFIG": os.path.join(home, "none"), "GOMEMLIMIT": "1GiB"}
    made |= {f"HELM_{name}": os.path.join(home, name.lower()) for name in ("PLUGINS", "CACHE_HOME", "CONFIG_HOME", "DATA_HOME")}
    made |= {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return made


def _run(command: tuple[str, ...], program: Program, folder: str, seconds: float) -> str | NotRendered:
    """What a command writes, up to the size of the largest file that is read."""
    with open(os.path.join(folder, "output"), "w+b") as output:
        try:
            process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=_environment(folder),
                start_new_session=True,
            )
        except OSError:
            return NotRendered(f"{program} cannot be started")
        try:
            code = _wait(process, output.fileno(), seconds)
        finally:
            _end(process)
        output.seek(0)
        text = output.read(LARGEST_FILE + 1)
    if code is None or len(text) > LARGEST_FILE:
        return NotRendered(f"{program} takes too long, or writes too much", is_costly=True)
    if code != 0:
        return NotRendered(f"{program} does not render it (exit code {code})")
    return text.decode("utf-8", "replace")


def _wait(process: subprocess.Popen[bytes], output: int, seconds: float) -> int | None:
    """The exit code; None where the process takes too long or writes too much."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and os.fstat(output).st_size <= LARGEST_FILE:
        with suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=_STEP)
    return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, and what it started, if it still runs."""
    if process.poll() is not None:
        return
    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
