"""`.jwksgov.yaml`: found upward, read by hand with places and nearest names, without pydantic on the hook's path."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator

from scanner.config.model import GLOB_REMEDY, NAME, WAIVERS, CollectSettings, Config, ConfigFile
from scanner.digest import sha256_hex
from scanner.errors import ConfigError, Place, UsageError
from scanner.files.limits import LARGEST_FILE
from scanner.files.tree import Mapping
from scanner.pack.model import SEVERITIES, RuleChange, Severity
from scanner.pack.structure import own_documents, structure
from scanner.record import changed


def find_config(start: str | os.PathLike[str]) -> str | None:
    """The topmost `.jwksgov.yaml` from `start` upward inside its repository. Outside of repositories the working directory
    stands for one where it holds `start`; else, and where it has none, the nearest file upward.
    """
    start = os.path.realpath(start)
    folder = start if os.path.isdir(start) else os.path.dirname(start)
    found: list[str] = []
    for above in upward(folder):
        path = os.path.join(above, NAME)
        if os.path.lexists(path):
            found.append(path)
        if os.path.exists(os.path.join(above, ".git")):
            return found[-1] if found else None
    here = os.path.realpath(os.getcwd()).rstrip(os.sep) + os.sep
    inside = [path for path in found if path.startswith(here)] if f"{folder}{os.sep}".startswith(here) else []
    return inside[-1] if inside else next(iter(found), None)


def upward(folder: str) -> Iterator[str]:
    """`folder` and every folder above it, the nearest first."""
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def applicable_config(named: str | None, start: str, *, is_isolated: bool = False) -> Config:
    """The configuration of a run: the one that was `named`, else the one found from `start` upward; none where it is
    isolated.
    """
    refuse_both(named, is_isolated=is_isolated)
    if named:
        return load_config(named)
    path = None if is_isolated else find_config(start)
    return load_found_config(path) if path is not None else Config()


def refuse_both(named: str | None, *, is_isolated: bool) -> None:
    """A configuration cannot be named and refused in one run."""
    if named and is_isolated:
        raise UsageError(what="--config and --isolated exclude each other", remedy="Choose one of the two.")


def load_config(path: str | os.PathLike[str]) -> Config:
    """Read and check the configuration file that the user named; ConfigError names place and remedy."""
    shown = os.fspath(path).replace(os.sep, "/")
    try:
        with open(path, "rb") as opened:
            data = opened.read()
    except OSError as error:
        raise ConfigError(
            what=f"cannot read `{shown}`: {error.strerror}", remedy="Name a file that exists, or use --isolated."
        ) from None
    return parse_config(data, os.fspath(path))


def load_found_config(path: str) -> Config:
    """Read and check a file that was found in a tree, which belongs to whoever writes there: never a pipe, which would block,
    nor through a link out of the tree, which may lead to any file of this machine.
    """
    real = os.path.realpath(path)
    if not real.startswith(_tree_of(os.path.dirname(path)).rstrip(os.sep) + os.sep):
        raise _unreadable(path, "it is a link that leads out of the repository")
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        opened = os.open(real, flags)
    except OSError as error:
        raise _unreadable(path, error.strerror or "it cannot be opened") from None
    with open(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise _unreadable(path, "it is not a regular file")
        data = file.read(LARGEST_FILE + 1)
    return parse_config(data, path)


def _tree_of(folder: str) -> str:
    """The root of the repository that holds a folder, else the folder itself."""
    return next((above for above in upward(folder) if os.path.exists(os.path.join(above, ".git"))), folder)


def _unreadable(path: str, because: str) -> ConfigError:
    return ConfigError(
        what=f"cannot read `{path.replace(os.sep, '/')}`: {because}",
        remedy="Make it an ordinary file, or name a configuration with --config, or use --isolated.",
    )


def parse_config(data: bytes, path: str) -> Config:
    """The configuration that the bytes of a file at `path` hold."""
    shown = path.replace(os.sep, "/")
    documents = own_documents(
        data,
        shown,
        ConfigError,
        unread="Correct the file, or run with --isolated to leave it out.",
        repeated="Keep one of them.",
    )
    beside = os.path.dirname(path)
    if not documents:
        return Config(waivers=_waivers_in(beside), path=shown, digest=sha256_hex(data))
    node = documents[0]
    file = structure(node, ConfigFile, shown, ConfigError)
    if file.rules_as_of is not None and not re.fullmatch(r"\d+(\.\d+)*", file.rules_as_of):
        raise ConfigError(
            what=f"`{file.rules_as_of}` is not a version",
            where=file.places.of("rules_as_of", Place(shown)),
            remedy="Write a version of jwksgov such as 0.1.0, in quotes.",
        )
    if file.exclude or file.paths:
        _check_globs(file, shown)
    if file.issuers or file.consumers or "collect" in file.places.spots:
        from scanner.config.check_inventory import check_inventory  # most configurations have none

        check_inventory(file)
    listed = node.get("rules") if isinstance(node, Mapping) else None
    entries = listed.entries if isinstance(listed, Mapping) else ()
    return Config(
        profile=file.profile,
        profile_place=file.places.of("profile", Place(shown)),
        rules={name: _change(setting) for name, setting in file.rules.items()},
        rule_places={entry.key.text: Place(shown, entry.key.line, entry.key.column) for entry in entries},
        exclude=tuple(file.exclude),
        fail_on=severity_or_none(file.fail_on),
        rules_as_of=file.rules_as_of,
        policies=tuple(os.path.join(beside, folder) for folder in file.policies),
        inline_waivers=file.inline_waivers,
        paths=tuple(file.paths),
        issuers=tuple(file.issuers),
        consumers=tuple(file.consumers),
        collect=_files_beside(file.collect, beside),
        waivers=os.path.join(beside, file.waivers) if file.waivers else _waivers_in(beside),
        baseline=os.path.join(beside, file.baseline) if file.baseline else None,
        nested=file.nested,
        written={name: file.places.of(name, Place(shown)) for name in file.places.spots},
        path=shown,
        digest=sha256_hex(data),
    )


def _check_globs(file: ConfigFile, shown: str) -> None:
    from scanner.config.globs import find_fault  # most configurations have none

    listed = [("exclude", find_fault(glob, is_in_list=True), glob) for glob in file.exclude]
    listed += [("paths", find_fault(entry.path), entry.path) for entry in file.paths]
    for member, fault, glob in listed:
        if fault is not None:
            raise ConfigError(
                what=f"the glob `{glob}` in `{member}` matches nothing: {fault}",
                where=file.places.of(member, Place(shown)),
                remedy=GLOB_REMEDY,
            )


def _waivers_in(folder: str) -> str | None:
    """The waiver file beside a configuration that names none, where there is one."""
    beside = os.path.join(folder, WAIVERS)
    return beside if os.path.isfile(beside) else None


def _files_beside(settings: CollectSettings, folder: str) -> CollectSettings:
    """The settings with their files as paths that can be opened."""
    named = {name: getattr(settings, name) for name in ("ca_bundle", "client_certificate", "client_key")}
    found = {name: os.path.join(folder, file) for name, file in named.items() if file is not None}
    return changed(settings, **found) if found else settings


def severity_or_none(text: str) -> Severity | None:
    """`none` as None, a severity as itself."""
    return next((severity for severity in SEVERITIES if severity == text), None)


def _change(setting: str | RuleChange) -> RuleChange:
    if isinstance(setting, RuleChange):
        return setting
    if setting in ("on", "off"):
        return RuleChange(enabled=setting == "on")
    return RuleChange(severity=severity_or_none(setting))
