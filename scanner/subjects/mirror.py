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


def find_mirrored_files(path: str, url: str) -> tuple[str, ...]:
    """The paths at which the mirror of the well-known document at `path` has the answer of a URL, with and without the ending
    of JSON; none where the file is in no mirror, or the URL is no plain web URL.
    """
    folders, _ = _split(path)
    at, host = _find_host(folders), web_host_of(url)
    below = url.partition("://")[2].partition("/")[2].rstrip("/")
    if at is None or not host or not below or "?" in url or "#" in url:
        return ()
    file = "/".join((*folders[:at], host, below))
    return file, f"{file}.json"


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
