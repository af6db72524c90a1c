"""The formats that a file may have: by its name, and by its text where one name is for several formats."""

from __future__ import annotations

from scanner.files.tree import Format

_ENDINGS: dict[str, Format] = {
    "yaml": "yaml", "yml": "yaml", "hml": "yaml", "json": "json", "jsonc": "json", "json5": "json", "jwks": "json",
    "jwk": "json",
    "properties": "properties", "toml": "toml", "xml": "xml", "ini": "ini", "service": "ini", "container": "ini", "env": "env",
    "tf": "hcl", "tfvars": "hcl", "hcl": "hcl", "nomad": "hcl", "tofu": "hcl",
    "jaas": "jaas", "sh": "flags", "options": "flags", "vmoptions": "flags", "dockerfile": "flags",
    "caddyfile": "directives", "hocon": "hocon", "bicep": "bicep", "bicepparam": "bicep",
    "py": "python", "js": "javascript", "mjs": "javascript", "cjs": "javascript", "jsx": "javascript", "ts": "javascript",
    "mts": "javascript", "cts": "javascript", "tsx": "javascript", "rb": "ruby",
}  # fmt: skip
# source code: only a program that runs gives most of its values
CODE: frozenset[Format] = frozenset({"python", "javascript", "ruby"})
# code that no program in production runs, and code that a program wrote: by a part of its name, or by a folder around it
_OF_TESTS = frozenset({"tests", "test", "__tests__", "spec", "specs", "__mocks__", "testdata", "e2e"})
_TEST_BEGINNINGS = ("test_", "conftest.")
_TEST_ENDINGS = ("_test", "_tests", ".test", ".spec", "_spec", ".stories", ".e2e", ".d", ".min", ".bundle", "-test", "-spec")
_NAMES: dict[str, Format] = {
    "caddyfile": "directives", "dockerfile": "flags", "containerfile": "flags", "procfile": "flags",
}  # fmt: skip
# endings of several formats: the content decides
_VAGUE_ENDINGS = ("conf", "cfg", "cnf", "config", "list")
TEMPLATE_ENDINGS = ("tmpl", "tpl", "j2", "template", "tera", "gotmpl", "tftpl")
# not a supported format, but a place of private keys
_KEY_ENDINGS = ("pem", "key", "p8", "pk8", "pkcs8", "priv", "crt", "cer")
# files that say which packages are installed, in a form of their own
_LOCKS = frozenset((
    "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "poetry.lock", "uv.lock",
    "pdm.lock", "pylock.toml", "pipfile.lock", "go.mod", "cargo.lock", "pom.xml", "gradle.lockfile", "packages.lock.json",
    "directory.packages.props", "gemfile.lock", "composer.lock",
))  # fmt: skip
# the endings of files that a folder opens, and the hook
OPENED = frozenset((*_ENDINGS, *_VAGUE_ENDINGS, *TEMPLATE_ENDINGS, *_KEY_ENDINGS))
# texts for readers, programs and pictures: a word of ours in them is no configuration
_OTHERS = frozenset((
    "md", "markdown", "mdx", "rst", "adoc", "asciidoc", "html", "htm", "css", "scss", "less", "vue", "pyi", "go",
    "java", "kt", "kts", "scala", "groovy", "php", "c", "h", "cc", "cpp",
    "hpp", "cs", "fs", "vb", "rs", "swift", "lua", "pl", "pm", "r", "sql", "ipynb", "proto", "graphql", "rego", "svg",
    "png", "jpg", "jpeg", "gif", "ico", "webp", "pdf", "zip", "gz", "tgz", "tar", "jar", "war", "whl", "so", "dll",
    "exe", "class", "pyc", "wasm", "lock", "sum", "log", "csv", "tsv", "patch", "diff",
))  # fmt: skip


def may_hold(name: str) -> bool:
    """Whether a file of that name may have a supported format: by its ending, or because it has none. `.env.production` is an
    `.env`, and dots at the end do not count. A copy that no program loads (`a.yaml.bak`, `a.yaml.example`) is not opened.
    """
    _, dot, ending = name.rpartition(".")
    if dot and ending in OPENED:
        return True  # as most that are
    lower = name.lower().rstrip(".")
    _, dot, ending = lower.rpartition(".")
    return not dot or ending in OPENED or ".env." in lower or lower.startswith("dockerfile.") or is_lock_file(lower)


def is_code(name: str) -> bool:
    """Whether a file with that lower-case base name is source code."""
    return _ENDINGS.get(name.rpartition(".")[2]) in CODE


def is_other_code(path: str) -> bool:
    """Whether a file of source code is a test, or made by a program: what it names is trusted by nobody."""
    *folders, name = path.lower().split("/")
    stem = name.rpartition(".")[0]
    return name.startswith(_TEST_BEGINNINGS) or stem.endswith(_TEST_ENDINGS) or not _OF_TESTS.isdisjoint(folders)


def is_lock_file(name: str) -> bool:
    """Whether a file with that lower-case base name says which packages are installed."""
    return name in _LOCKS or (name.endswith(".txt") and name.startswith("requirements"))


def is_rendered(folder: str, name: str) -> bool:
    """Whether Helm would render a file that no ending tells: it loads all below `templates/`, except partial templates and the
    notes for people.
    """
    if "/templates/" not in f"/{folder}/" or name.startswith("_") or name.endswith("NOTES.txt"):
        return False
    ending = name.lower().rpartition(".")[2]
    return ending not in _OTHERS and _ENDINGS.get(ending) not in CODE


def format_of(path: str, data: bytes) -> Format | None:
    """The likeliest format of a file; None for one that has none of ours."""
    return next(iter(formats_of(path, data)), None)


def formats_of(path: str, data: bytes) -> tuple[Format, ...]:
    """The formats that a file may have, the likeliest first. One by most names (template endings taken off); by its text where
    a name is for several formats, or tells nothing.
    """
    name = path[path.rfind("/") + 1 :].lower().rstrip(".")
    stem, dot, ending = name.rpartition(".")
    is_template = ending in TEMPLATE_ENDINGS
    if is_template:
        name = stem
        stem, dot, ending = name.rpartition(".")
    if dot and ending in _ENDINGS:
        return _by_ending(ending, data)
    if ".env." in name:
        return ("env",)
    if name in _NAMES or name.startswith("dockerfile."):
        return (_NAMES.get(name, "flags"),)
    if dot and (ending in _KEY_ENDINGS or ending in _OTHERS):
        return ()
    from scanner.files.vague_formats import list_formats

    return list_formats(name, data, is_vague=bool(dot) and ending in _VAGUE_ENDINGS, is_template=is_template)


def _by_ending(ending: str, data: bytes) -> tuple[Format, ...]:
    """The formats of an ending. kubectl and kustomize read YAML under the names of JSON, and Java's properties may be XML."""
    format_ = _ENDINGS[ending]
    if format_ == "json":
        return ("json", "yaml")
    if format_ == "xml" and b"<entry" in data and b"<properties" in data:
        return ("xml", "properties")
    return (format_,)
