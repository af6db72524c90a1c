"""What the scripts and payload files of a folder write to Vault's JWT mounts.

Scripts of a folder say which file is written to which path. Payload files that no script names belong to the only mount of
their folder; where there are several, nobody can say to which.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice

from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.sources.document import Document
from scanner.units.files import UnitFile, UnitFiles
from scanner.units.made import Made, MadeText, OpenPart, Origin, Variant
from scanner.units.vault.commands import Given, Script, Write
from scanner.units.vault.kind import SCRIPT, has_signs, is_script, is_small_file
from scanner.units.vault.mounts import Mount, Part, is_config, is_role, read_names, write_mounts

# the folder of roles
_ROLES = lazy_pattern(r"(?:jwt[-_])?roles?")
# `$DIR/role.json`: the folder is not known, the rest of the name is
_OPEN_FOLDER = lazy_pattern(r"\A(?:[^/$]*+\$[^/]*+/)++")
# of one folder; and how far above a payload file its script may be
_MOST_SCRIPTS = 50
_MOST_PAYLOADS = 200
_HIGHEST = 2


@record
class _Payload:
    """A payload file, and the names of its members."""

    file: UnitFile
    names: frozenset[str]

    def part(self) -> Part:
        """What it gives."""
        return Part(json=Given(_text_of(self.file), Origin(self.file.path, 1, 1)))


@record
class _Kept:
    """The scripts of the folder that was looked at last."""

    folder: str
    files: tuple[UnitFile, ...]


@record
class _KeptPayloads:
    """The payload files of the folder that was looked at last."""

    folder: str
    payloads: tuple[_Payload, ...]


class VaultUnit:
    """The mounts that the files of a folder configure."""

    variants: tuple[Variant, ...] = ()
    left_out_variants = 0
    is_base_deployed = True

    def __init__(self, name: str, mounts: list[Mount], scripts: tuple[UnitFile, ...], payloads: tuple[UnitFile, ...]) -> None:
        self.name = name
        self.paths = tuple(each.origin for each in (*scripts, *payloads))
        self.replaces = frozenset(each.path for each in payloads)
        self._documents = frozenset(each.path for each in (*scripts, *payloads))
        self._made = (Made(write_mounts(mounts), "json", "vault.json"),)

    @property
    def text(self) -> MadeText:
        """The text of its mounts."""
        return self._made[0].text

    def make(self, document: Document) -> tuple[Made, ...]:
        """See `Unit`."""
        return self._made if document.path in self._documents else ()

    def open_parts(self, document: Document) -> tuple[OpenPart, ...]:  # noqa: ARG002 - see `Unit`
        """None: a file that a script names and nobody finds leaves the values of its mount open."""
        return ()


def find_folder(path: str, file: UnitFile, files: UnitFiles) -> str | None:
    """The folder of the unit that a file with signs of one belongs to."""
    folder = os.path.dirname(path)
    if is_script(path, file.data):
        return folder
    if not path.endswith(".json"):
        return None
    is_payload = _read_payload(path, files) is not None
    for above in islice(files.above(folder), _HIGHEST + 1):
        scripts = _list_scripts(above, files)
        if (is_payload and scripts and above == folder) or any(_is_named(path, above, script) for script in scripts):
            return above
    if not is_payload:
        return None
    parent = os.path.dirname(folder)
    candidates = (folder, *((parent,) if _ROLES.fullmatch(os.path.basename(folder)) and files.is_inside(parent) else ()))
    return next((each for each in candidates if len(_list_payloads(each, (), files)) > 1), None)


def _is_named(path: str, folder: str, script: UnitFile) -> bool:
    """Whether a script of a folder above names a file, or the folder below that it is in."""
    below = os.path.relpath(path, folder).split(os.sep)
    return f"{below[0]}/".encode() in script.data or below[-1].encode() in script.data


class Loader:
    """Puts together what the files of a folder write."""

    def __init__(self, folder: str, files: UnitFiles) -> None:
        self._folder = folder
        self._files = files
        self._mounts: dict[str, Mount] = {}
        self._used: dict[str, UnitFile] = {}
        self._scripts = _list_scripts(folder, files)
        self._payloads = {each.file.origin: each for each in _list_payloads(folder, self._scripts, files)}

    def load(self) -> VaultUnit | None:
        """The unit; None where no file of the folder configures a mount for JWTs."""
        for script in self._scripts:
            for write in Script(script.path, _text_of(script)).list_writes():
                self._add(write)
        self._add_unnamed()
        mounts = [each for each in self._mounts.values() if each.is_for_tokens()]
        if not mounts:
            return None
        return VaultUnit(self._files.report_path(self._folder), mounts, self._scripts, tuple(self._used.values()))

    def _add(self, write: Write) -> None:
        mount = self._mounts.setdefault(write.mount, Mount(write.mount))
        parts = mount.roles.setdefault(write.role, []) if write.role else mount.config
        parts += [Part(json=each) for each in write.json]
        for name in write.files:
            file = self._find(name)
            if file is not None:
                self._used[file.origin] = file
                parts.append(Part(json=Given(_text_of(file), Origin(file.path, 1, 1))))
        if write.members:
            parts.append(Part(tuple((name, self._read_value(given)) for name, given in write.members)))

    def _read_value(self, given: Given) -> Given:
        """A value, or what the file has that it names."""
        file = self._find(given.text[1:]) if given.text.startswith("@") else None
        if file is None:
            return given
        return Given(_text_of(file), given.at, given.text, (Origin(file.path, 1, 1, "file"),))

    def _find(self, name: str) -> UnitFile | None:
        """A file as a command names it: from the folder of the script, or from one above, in which the command is run."""
        known = _OPEN_FOLDER.sub("", name)
        if not known or "$" in known:
            return None
        for folder in self._files.above(self._folder):
            file = self._files.read(os.path.join(folder, known))
            if file is not None:
                return file
        return None

    def _add_unnamed(self) -> None:
        """The payload files that no script names: to the only mount that there is, or each for itself."""
        unnamed = [each for origin, each in self._payloads.items() if origin not in self._used]
        configs = [each for each in unnamed if is_config(each.names)]
        roles = [each for each in unnamed if not is_config(each.names)]
        waiting = [each for each in self._mounts.values() if not each.config and each.is_for_tokens()]
        if len(configs) == 1 and len(self._tokens()) == len(waiting) <= 1:
            mount = waiting[0] if waiting else self._mounts.setdefault("", Mount(""))
            mount.config.append(configs[0].part())
        else:
            for each in configs:
                self._mounts[each.file.path] = Mount(each.file.path, [each.part()])
        self._used.update({each.file.origin: each.file for each in configs})
        mounts = self._tokens()
        for each in roles:
            mount = mounts[0] if len(mounts) == 1 else self._mounts.setdefault("", Mount(""))
            mount.roles[each.file.path] = [each.part()]
            self._used[each.file.origin] = each.file

    def _tokens(self) -> list[Mount]:
        return [each for each in self._mounts.values() if each.is_for_tokens()]


def _list_scripts(folder: str, files: UnitFiles) -> tuple[UnitFile, ...]:
    """The scripts in a folder that write to mounts; listed once for the documents of a folder."""
    key = "vault", "scripts"
    kept = files.kept.get(key)
    if not isinstance(kept, _Kept) or kept.folder != folder:
        paths = (os.path.join(folder, found[0]) for found in files.find_names(folder, SCRIPT))
        read = ((path, files.read(path)) for path in islice(paths, _MOST_SCRIPTS) if is_small_file(path))
        kept = _Kept(folder, tuple(file for path, file in read if file is not None and is_script(path, file.data)))
        files.kept[key] = kept
    return kept.files


def _list_payloads(folder: str, scripts: tuple[UnitFile, ...], files: UnitFiles) -> tuple[_Payload, ...]:
    """The payload files in a folder, and in those below that its scripts or their own names tell to have some; listed once for
    the documents of a folder.
    """
    key = "vault", "payloads"
    kept = files.kept.get(key)
    if not isinstance(kept, _KeptPayloads) or kept.folder != folder:
        kept = _KeptPayloads(folder, tuple(_find_payloads(folder, scripts, files)))
        files.kept[key] = kept
    return kept.payloads


def _find_payloads(folder: str, scripts: tuple[UnitFile, ...], files: UnitFiles) -> Iterator[_Payload]:
    below = [
        os.path.join(folder, name)
        for name in files.folders(folder)
        if _ROLES.fullmatch(name) or any(f"{name}/".encode() in script.data for script in scripts)
    ]
    paths = (os.path.join(each, name) for each in (folder, *below[:_MOST_SCRIPTS]) for name in files.names(each))
    for path in islice((each for each in paths if each.endswith(".json")), _MOST_PAYLOADS):
        payload = _read_payload(path, files)
        if payload is not None:
            yield payload


def _read_payload(path: str, files: UnitFiles) -> _Payload | None:
    """A payload file that its members tell to be one."""
    file = files.read(path) if path.endswith(".json") and is_small_file(path) else None
    if file is None or not has_signs(file.data):
        return None
    names = read_names(_text_of(file))
    return _Payload(file, names) if is_config(names) or is_role(names) else None


def _text_of(file: UnitFile) -> str:
    return file.data.decode("utf-8", "replace")
