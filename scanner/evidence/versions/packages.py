"""Packages in lock files, manifests and build files: one search for each name, and a look at what follows it.

No file is parsed: a lock file may have megabytes, of which one line is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from scanner.evidence.versions.images import Lookup, fill_in
from scanner.evidence.versions.mention import Mention, decode, find_all, make_allowed, make_exact, make_range
from scanner.pack.platform import Ecosystem
from scanner.patterns import lazy_pattern
from scanner.record import record

# how far from its name a version may stand
_NEAR = 600
# a lock file's entry with all its digests
_FAR = 40_000
_LOCK, _CONSTRAINT = "lock file", "constraint"

Find = Callable[[bytes, str], "Iterator[Mention]"]

_NPM_LOCK = lazy_pattern(rb"\"\s{0,20}:\s{0,20}\{\s{0,80}\"version\"\s{0,4}:\s{0,4}\"([^\"\n]{1,100})\"")
_NPM_NAMED = lazy_pattern(rb"\"\s{0,20}:\s{0,20}\"([^\"\n]{1,100})\"")
_BUN = lazy_pattern(rb"@(\d[^\"\n]{0,100})\"")
_YARN = lazy_pattern(rb"[^\n]{0,500}:[ \t\r]{0,10}\n[ \t]{1,8}\"?version\"?:?[ \t]{1,4}\"?([^\"\n]{1,100})")
_PNPM = lazy_pattern(rb"[@/](\d[^:('\"\s/_]{0,100}+)[^:\n]{0,500}+:")
_TOML_LOCK = lazy_pattern(rb"\"[ \t\r]{0,4}\n(?:[^\n\[]{0,300}\n){0,4}?version[ \t]{0,4}=[ \t]{0,4}\"([^\"\n]{1,100})\"")
_PIPFILE = lazy_pattern(rb"\"version\"\s{0,4}:\s{0,4}\"(==[^\"\n]{1,100})\"")
_REQUIREMENT = lazy_pattern(rb"[ \t]{0,8}(?:\[[^\]\n]{0,200}\])?[ \t]{0,8}\(?((?:===?|~=|>=|<=|!=|<|>)[^;#\n\"'\\)]{1,150})")
_TOML_NAMED = lazy_pattern(
    rb"[\"']?[ \t]{0,8}=[ \t]{0,8}(?:\{[^}\n]{0,200}?version[ \t]{0,4}=[ \t]{0,4})?[\"']([^\"'\n]{1,100})[\"']"
)
_GO = lazy_pattern(rb"[ \t]{1,8}v(\d[^\s]{0,100})")
_GO_REPLACED = lazy_pattern(
    rb"(?:[ \t]{1,8}v[^\s]{1,100})?[ \t]{1,8}=>[ \t]{1,8}([^\s]{1,300})(?:[ \t]{1,8}v(\d[^\s]{0,100}))?"
)
_POM = lazy_pattern(
    rb"\s{0,200}<artifactId>\s{0,20}([^<\s]{1,200})\s{0,20}</artifactId>\s{0,200}(?:<version>\s{0,20}([^<\s]{1,100})\s{0,20}</version>)?"
)
_GRADLE = lazy_pattern(rb":([A-Za-z0-9._-]{1,200}):([^\s\"':@=,)]{1,100})")
_GRADLE_PLUGIN = lazy_pattern(rb"[\"']\)?[ \t]{1,8}version[ \t]{1,8}\(?[\"']([^\"'\n]{1,100})[\"']")
_CATALOGUE = lazy_pattern(rb"[\"']\s{0,8},?[^}\n]{0,200}?version(\.ref)?[ \t]{0,4}=[ \t]{0,4}[\"']([^\"'\n]{1,100})[\"']")
_NUGET_LOCK = lazy_pattern(rb"\"\s{0,8}:\s{0,8}\{[^{}]{0,500}?\"resolved\"\s{0,4}:\s{0,4}\"([^\"\n]{1,100})\"")
_CSPROJ = lazy_pattern(rb"\"\s{1,40}(?:[\w.]{1,40}=\"[^\"\n]{0,200}\"\s{1,40}){0,4}?version=\"([^\"\n]{1,100})\"")
_CSPROJ_CHILD = lazy_pattern(rb"\"[^<>]{0,200}>\s{0,80}<version>\s{0,20}([^<\s]{1,100})\s{0,20}</version>")
_GEM = lazy_pattern(rb"[ \t]{1,4}\((\d[^)\s]{0,100})\)")
_GEMFILE = lazy_pattern(rb"[\"'][ \t]{0,4},[ \t]{0,4}[\"']([^\"'\n]{1,100})[\"']")
_COMPOSER = lazy_pattern(rb"\"\s{0,20},\s{0,40}\"version\"\s{0,4}:\s{0,4}\"([^\"\n]{1,100})\"")
_INSTALLED = lazy_pattern(rb"(?:\[[^\]\n]{0,100}\])?[\"']?(==?|@|:)[\"']?v?(\d[^\s\"';&|\\]{0,100})")
_ARGUMENT = lazy_pattern(rb"^[ \t]{0,8}(?:ARG|ENV)[ \t]{1,8}([A-Za-z_]\w{0,80})(?:=|[ \t])[\"']?([^\"'\s]{0,100})", re.M | re.I)
_VARIABLE = lazy_pattern(rb"^(?:export )?([A-Za-z_]\w{0,80})=[\"']?([^\"'\s]{0,100})", re.M)
_PROVIDER_LOCK = lazy_pattern(rb"\"\s{0,8}\{\s{0,40}version\s{0,8}=\s{0,8}\"([^\"\n]{1,100})\"")
_PROVIDER = lazy_pattern(rb"\"[^{}]{0,300}?version\s{0,8}=\s{0,8}\"([^\"\n]{1,100})\"")
_PROVIDER_BEFORE = lazy_pattern(rb"version\s{0,8}=\s{0,8}\"([^\"\n]{1,100})\"[^{}]{0,200}\Z")


def _after(pattern: re.Pattern[bytes], data: bytes, at: int, length: int = _NEAR) -> re.Match[bytes] | None:
    return pattern.match(data, at, min(at + length, len(data)))


def _line_before(data: bytes, at: int) -> bytes:
    """What stands on the same line before a place."""
    return data[data.rfind(b"\n", max(at - _NEAR, 0), at) + 1 : at]


def _find_npm_lock(data: bytes, name: str) -> Iterator[Mention]:
    for at in find_all(data, name.encode() + b'"'):
        end = at + len(name.encode())
        before = data[max(at - 14, 0) : at]
        if before.endswith((b'"', b"node_modules/")) and (found := _after(_NPM_LOCK, data, end)):
            yield from _some(make_exact(found[1], at, _LOCK))


def _find_npm_named(data: bytes, name: str) -> Iterator[Mention]:
    for at in find_all(data, b'"%b"' % name.encode()):
        if found := _after(_NPM_NAMED, data, at + len(name.encode()) + 1):
            yield from _some(make_allowed(found[1], at, _CONSTRAINT))


def _find_bun(data: bytes, name: str) -> Iterator[Mention]:
    for at in find_all(data, b'"%b@' % name.encode()):
        if found := _after(_BUN, data, at + len(name.encode()) + 1):
            yield from _some(make_exact(found[1], at, _LOCK))


def _find_yarn(data: bytes, name: str) -> Iterator[Mention]:
    last = -1
    for at in find_all(data, name.encode() + b"@"):
        before = _line_before(data, at)
        is_header = before[:1] not in (b" ", b"\t", b"#") and (not before or before.endswith((b'"', b" ")))
        line = at - len(before)
        if is_header and line != last and (found := _after(_YARN, data, at, 2 * _NEAR)):
            last = line
            yield from _some(make_exact(found[1], at, _LOCK))


def _find_pnpm(data: bytes, name: str) -> Iterator[Mention]:
    for at in find_all(data, name.encode()):
        before = _line_before(data, at)
        # a package is a name at the beginning of its line: `  /a/1.2:`, `  /a@1.2:`, `  a@1.2:`, `  '@a/b@1.2':`
        if (
            before[:1] == b" "
            and before.strip() in (b"", b"/", b"'", b"'/", b'"')
            and (found := _after(_PNPM, data, at + len(name.encode())))
        ):
            yield from _some(make_exact(found[1], at, _LOCK))


def _find_toml_lock(data: bytes, name: str) -> Iterator[Mention]:
    for word in _spellings(name):
        for at in find_all(data, b'name = "%b"' % word):
            if found := _after(_TOML_LOCK, data, at + len(word) + 8, 2 * _NEAR):
                yield from _some(make_exact(found[1], at, _LOCK))


def _find_pipfile(data: bytes, name: str) -> Iterator[Mention]:
    for word in _spellings(name):
        for at in find_all(data, b'"%b"' % word):
            end = data.find(b"}", at, at + _FAR)
            if end > 0 and (found := _PIPFILE.search(data, at, end)):
                yield from _some(make_allowed(found[1], at, _LOCK))


def _find_requirement(data: bytes, name: str) -> Iterator[Mention]:
    """In a list of requirements, and in strings of pyproject.toml and setup.cfg."""
    for word in _spellings(name):
        for at in find_all(data, word):
            before = _line_before(data, at)
            if (not before.strip() or before.rstrip().endswith((b'"', b"'"))) and (
                found := _after(_REQUIREMENT, data, at + len(word))
            ):
                yield from _some(make_allowed(found[1], at, _CONSTRAINT))


def _find_toml_named(data: bytes, name: str) -> Iterator[Mention]:
    for word in _spellings(name):
        for at in find_all(data, word):
            if not _line_before(data, at).strip(b" \t\"'") and (found := _after(_TOML_NAMED, data, at + len(word))):
                # a bare version is a caret of its own in these files
                text = found[1] if found[1][:1] in b"^~<>=*!" else b"^" + found[1]
                yield from _some(make_allowed(text, at, _CONSTRAINT))
    yield from _find_requirement(data, name)


def _find_go(data: bytes, name: str) -> Iterator[Mention]:
    replaced: list[Mention] = []
    required: list[Mention] = []
    for at in find_all(data, name.encode()):
        end, before = at + len(name.encode()), _line_before(data, at).strip()
        if before not in (b"", b"require", b"replace") and not before.endswith(b"=>"):
            continue
        if before.endswith(b"=>"):
            continue
        if instead := _after(_GO_REPLACED, data, end):
            is_same = instead[1] == name.encode() and instead[2]
            found = make_exact(instead[2], at, _LOCK) if is_same else None
            # another module under its name: its version is not this one's
            replaced.append(found or Mention("", None, at, _LOCK))
        elif required_here := _after(_GO, data, end):
            required += _some(make_exact(required_here[1], at, _LOCK))
    yield from replaced or required


def _find_pom(data: bytes, name: str) -> Iterator[Mention]:
    group, _, artifact = name.partition(":")
    mark = b"<groupid>%b</groupid>" % group.encode()
    lower = data.lower()
    for at in find_all(lower, mark):
        found = _after(_POM, data, at + len(mark), 2 * _NEAR)
        if found is None or not found[2] or not _is_artifact(found[1], artifact):
            continue
        yield from _some(make_range(_fill_property(found[2], data), at, _LOCK))


def _fill_property(text: bytes, data: bytes) -> bytes:
    """A version that a property of the same file gives."""
    for _ in range(4):
        if not (text.startswith(b"${") and text.endswith(b"}")):
            break
        name = text[2:-1]
        at = data.find(b"<%b>" % name)
        end = data.find(b"<", at + 1, at + len(name) + 2 + _NEAR)
        if at < 0 or end < 0:
            break
        text = data[at + len(name) + 2 : end].strip()
    return text


def _is_artifact(written: bytes, wanted: str) -> bool:
    return wanted == "*" or decode(written) == wanted


def _find_gradle(data: bytes, name: str) -> Iterator[Mention]:
    group, _, artifact = name.partition(":")
    for at in find_all(data, group.encode() + b":"):
        if data[at - 1 : at] not in (b'"', b"'", b"\n", b"("):
            continue
        found = _after(_GRADLE, data, at + len(group.encode()))
        if found and _is_artifact(found[1], artifact):
            lookup = _assignments(data)
            version = fill_in(decode(found[2]), lookup)
            yield from _some(make_range(version.encode(), at, _LOCK) if version is not None else None)
    if artifact == "*" or artifact.startswith(group.rpartition(".")[2]) or group == "org.springframework.boot":
        # the plugin of a framework has the framework's version
        for at in find_all(data, group.encode()):
            if data[at - 1 : at] in (b'"', b"'") and (plugin := _after(_GRADLE_PLUGIN, data, at + len(group.encode()))):
                version = fill_in(decode(plugin[1]), _assignments(data))
                yield from _some(make_exact(version.encode(), at, _LOCK) if version is not None else None)


def _assignments(data: bytes) -> Lookup:
    """The values of the names that a build file itself sets."""

    def look_up(name: str) -> str | None:
        for at in find_all(data, name.encode()):
            found = _ASSIGNED.match(data, at + len(name.encode()), min(at + len(name) + _NEAR, len(data)))
            if found and data[at - 1 : at] not in (b"$", b"{"):
                return decode(found[1])
        return None

    return look_up


_ASSIGNED = lazy_pattern(rb"[\"']?\]?[ \t]{0,8}=[ \t]{0,8}[\"']?([^\"'\s$]{1,100})[\"']?")


def _find_catalogue(data: bytes, name: str) -> Iterator[Mention]:
    group, _, artifact = name.partition(":")
    for at in find_all(data, group.encode()):
        end = at + len(group.encode())
        if data[end : end + 1] == b":":
            other = _after(_ARTIFACT, data, end + 1)
            if other is None or not _is_artifact(other[0], artifact):
                continue
            end = other.end()
            if data[end : end + 1] == b":" and (short := _after(_GRADLE, data, at + len(group.encode()))):
                yield from _some(make_range(short[2], at, _LOCK))
                continue
        elif artifact != "*" and group != "org.springframework.boot":
            continue
        found = _after(_CATALOGUE, data, end)
        if found is None:
            continue
        text = found[2]
        if found[1]:
            value = _assignments(data)(decode(text))
            text = value.encode() if value is not None else b""
        yield from _some(make_range(text, at, _LOCK))


_ARTIFACT = lazy_pattern(rb"[A-Za-z0-9._-]{1,200}")


def _find_nuget_lock(data: bytes, name: str) -> Iterator[Mention]:
    for at in find_all(data, b'"%b"' % name.lower().encode()):
        if found := _after(_NUGET_LOCK, data, at + len(name.encode()) + 1):
            yield from _some(make_exact(found[1], at, _LOCK))


def _find_nuget_project(data: bytes, name: str) -> Iterator[Mention]:
    for mark in (b'include="%b"', b'update="%b"', b'id="%b"'):
        word = mark % name.lower().encode()
        for at in find_all(data, word):
            found = _after(_CSPROJ, data, at + len(word) - 1) or _after(_CSPROJ_CHILD, data, at + len(word) - 1)
            if found:
                yield from _some(make_range(found[1], at, _LOCK))


def _find_gem(data: bytes, name: str) -> Iterator[Mention]:
    for at in find_all(data, b"\n    %b (" % name.encode()):
        if found := _after(_GEM, data, at + len(name.encode()) + 5):
            yield from _some(make_exact(found[1], at + 1, _LOCK))


def _find_gemfile(data: bytes, name: str) -> Iterator[Mention]:
    for mark in (b"'%b'", b'"%b"'):
        word = mark % name.encode()
        for at in find_all(data, word):
            if _line_before(data, at).strip() in (b"gem", b"gem(") and (found := _after(_GEMFILE, data, at + len(word) - 1)):
                text = found[1] if found[1][:1] in b"~<>=!" else b"==" + found[1]
                yield from _some(make_allowed(text, at, _CONSTRAINT))


def _find_composer(data: bytes, name: str) -> Iterator[Mention]:
    for at in find_all(data, b'"%b"' % name.encode()):
        if found := _after(_COMPOSER, data, at + len(name.encode()) + 1):
            yield from _some(make_exact(found[1], at, _LOCK))


def _find_installed(data: bytes, name: str, by: str) -> Iterator[Mention]:
    """In the commands of an image's build: `apt-get install a=1`, `pip install a==1`, `npm install a@1`."""
    for word in _spellings(name):
        for at in find_all(data, word):
            if data[at - 1 : at] in (b" ", b"\t", b'"', b"'", b"\n") and (found := _after(_INSTALLED, data, at + len(word))):
                yield from _some(make_exact(found[2], at, by))


def find_variables(data: bytes) -> Lookup:
    """The variables that an `.env` file sets."""
    return {decode(found[1]): decode(found[2]) for found in _VARIABLE.finditer(data)}.get


def find_arguments(data: bytes) -> Lookup:
    """The defaults of the arguments of an image's build."""
    known: dict[str, str] = {}
    for found in _ARGUMENT.finditer(data):
        known.setdefault(decode(found[1]), decode(found[2]))
    return known.get


def _spellings(name: str) -> tuple[bytes, ...]:
    """The ways to write the name of a Python package (PEP 503), in lower case; of most names one."""
    lower = name.lower()
    return tuple(dict.fromkeys(each.encode() for each in (lower, lower.replace("-", "_"), lower.replace("-", "."))))


def _some(found: Mention | None) -> tuple[Mention, ...]:
    return (found,) if found is not None else ()


@record
class PackageFile:
    """One form of file that names packages: its ecosystem, how a package is found in it, whether the names of packages are
    written in any letter case, and whether it may have sibling forms in parents (a lock file of a workspace).
    """

    ecosystem: Ecosystem
    find: Find
    is_any_case: bool = False


_PYTHON_LOCK = PackageFile("pypi", _find_toml_lock, is_any_case=True)
_NPM_LOCK_FILE = PackageFile("npm", _find_npm_lock)
_NAMES: dict[str, PackageFile] = {
    "package-lock.json": _NPM_LOCK_FILE,
    "npm-shrinkwrap.json": _NPM_LOCK_FILE,
    "yarn.lock": PackageFile("npm", _find_yarn),
    "pnpm-lock.yaml": PackageFile("npm", _find_pnpm),
    "bun.lock": PackageFile("npm", _find_bun),
    "package.json": PackageFile("npm", _find_npm_named),
    "poetry.lock": _PYTHON_LOCK,
    "uv.lock": _PYTHON_LOCK,
    "pdm.lock": _PYTHON_LOCK,
    "pylock.toml": _PYTHON_LOCK,
    "pipfile.lock": PackageFile("pypi", _find_pipfile, is_any_case=True),
    "pyproject.toml": PackageFile("pypi", _find_toml_named, is_any_case=True),
    "pipfile": PackageFile("pypi", _find_toml_named, is_any_case=True),
    "setup.cfg": PackageFile("pypi", _find_requirement, is_any_case=True),
    "go.mod": PackageFile("go", _find_go),
    "cargo.lock": PackageFile("cargo", _find_toml_lock),
    "cargo.toml": PackageFile("cargo", _find_toml_named),
    "pom.xml": PackageFile("maven", _find_pom),
    "gradle.lockfile": PackageFile("maven", _find_gradle),
    "build.gradle": PackageFile("maven", _find_gradle),
    "build.gradle.kts": PackageFile("maven", _find_gradle),
    "libs.versions.toml": PackageFile("maven", _find_catalogue),
    "packages.lock.json": PackageFile("nuget", _find_nuget_lock, is_any_case=True),
    "directory.packages.props": PackageFile("nuget", _find_nuget_project, is_any_case=True),
    "packages.config": PackageFile("nuget", _find_nuget_project, is_any_case=True),
    "gemfile.lock": PackageFile("gem", _find_gem),
    "gemfile": PackageFile("gem", _find_gemfile),
    "composer.lock": PackageFile("composer", _find_composer),
    "composer.json": PackageFile("composer", _find_npm_named),
}
_PROJECT = PackageFile("nuget", _find_nuget_project, is_any_case=True)
_REQUIREMENTS = PackageFile("pypi", _find_requirement, is_any_case=True)


def package_file_named(name: str) -> PackageFile | None:
    """The form of a file with that base name; None for any other file."""
    lower = name.lower()
    if (known := _NAMES.get(lower)) is not None:
        return known
    if lower.endswith((".csproj", ".fsproj", ".vbproj")):
        return _PROJECT
    if lower.endswith((".txt", ".in")) and ("requirements" in lower or "constraints" in lower):
        return _REQUIREMENTS
    return None


def is_dockerfile(name: str) -> bool:
    """Whether a file with that base name says how an image is built."""
    lower = name.lower()
    return lower.startswith(("dockerfile", "containerfile")) or lower.endswith((".dockerfile", ".containerfile"))


def find_in_commands(lower: bytes, packages: Mapping[Ecosystem, list[str]]) -> Iterator[Mention]:
    """Packages that the commands of a Dockerfile install, in its lower-case bytes."""
    for ecosystem, names in packages.items():
        by = "Debian package" if ecosystem == "deb" else "package"
        for name in names:
            yield from _find_installed(lower, name, by)


def find_providers(data: bytes, addresses: list[str], *, is_lock: bool) -> Iterator[Mention]:
    """Providers of Terraform in a lock file, or in a `required_providers` block."""
    for address in addresses:
        mark = b'/%b"' % address.encode() if is_lock else b'"%b"' % address.encode()
        for at in find_all(data, mark):
            end = at + len(mark) - 1
            if is_lock:
                found = _after(_PROVIDER_LOCK, data, end)
                yield from _some(make_exact(found[1], at, _LOCK) if found else None)
                continue
            before = data[max(at - _NEAR, 0) : at].rpartition(b"{")[2]
            found = _after(_PROVIDER, data, end) or _PROVIDER_BEFORE.search(before)
            yield from _some(make_allowed(found[1], at, _CONSTRAINT) if found else None)
