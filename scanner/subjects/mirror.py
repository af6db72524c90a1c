"""Where a file stands in a mirror of sites, as tools lay it: a folder with the name of each host, its paths below."""

from __future__ import annotations

from scanner.hosts.urls import web_host_of


def find_mirrored_place(path: str) -> tuple[str, str]:
    """The host and the path of the identifier in `idp.example.com/PATH/.well-known/openid-configuration` and in
    `idp.example.com/.well-known/oauth-authorization-server/PATH`; empty where no folder above the well-known one is called
    like a host.
    """
    folders, rest = _split(path)
    at = _find_host(folders)
    if at is None:
        return "", ""
    inserted = rest.partition("/")[2].removesuffix(".json").removesuffix("/index")
    return folders[at].lower(), "/".join(filter(None, (*folders[at + 1 :], inserted)))


def find_mirrored_files(path: str, url: str, issuer: str) -> tuple[str, ...]:
    """The paths at which the mirror of the well-known document at `path` has the answer of a URL, with and without the
    ending of JSON; none where the URL is no plain web URL. Where no folder is called like a host, the well-known one
    stands in the root of the issuer's site or at the path of its identifier, and only the answers of the same host are
    known.
    """
    folders, _ = _split(path)
    at, host = _find_host(folders), web_host_of(url)
    below = url.partition("://")[2].partition("/")[2].rstrip("/")
    if not host or not below or "?" in url or "#" in url:
        return ()
    if at is not None:
        root = (*folders[:at], host)
    elif "/.well-known/" in f"/{path}" and host == web_host_of(issuer):
        root = tuple(_strip_end(folders, issuer.partition("://")[2].rstrip("/").split("/")[1:]))
    else:
        return ()
    file = "/".join(filter(None, (*root, below)))
    return file, f"{file}.json"


def _strip_end(folders: list[str], end: list[str]) -> list[str]:
    """The folders without the last ones, where those are the path of an identifier."""
    return folders[: -len(end)] if end and folders[-len(end) :] == end else folders


def _split(path: str) -> tuple[list[str], str]:
    head, mark, rest = path.partition("/.well-known/")
    return (head.split("/"), rest) if mark else ([], "")


def _find_host(folders: list[str]) -> int | None:
    return next((at for at in range(len(folders) - 1, -1, -1) if _is_host(folders[at].lower())), None)


def _is_host(folder: str) -> bool:
    labels = folder.split(".")
    return (
        len(labels) > 1
        and all(label.replace("-", "a").isalnum() and label.isascii() for label in labels)
        and len(labels[-1]) > 1
        and labels[-1].isalpha()
    )
