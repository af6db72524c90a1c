"""What may stand around a private value in a field: nothing, or the rest of a URL, a list, a sentence."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

WRAPS: dict[str, Callable[[str], str]] = {
    "whole": str,
    "path": lambda text: f"https://login.example.com/{text}",
    "query": lambda text: f"https://login.example.com/jwks?v=1&k={text}",
    "fragment": lambda text: f"https://login.example.com/jwks#{text}",
    "userinfo": lambda text: f"https://user:{quote(text, safe='')}@login.example.com/jwks",
    "sentence": lambda text: f"see {text} for more",
    "padded": lambda text: f"{'x' * 80} {text}",
    "file": lambda text: f"file:{text}",
}
# how a password or token stands in a URL
CREDENTIALS: dict[str, Callable[[str], str]] = {
    "password": lambda word: f"https://user:{word}@login.example.com/jwks.json",
    "password-http": lambda word: f"http://user:{word}@login.example.com/jwks.json",
    "token-as-user": lambda word: f"https://{word}@login.example.com/jwks.json",
    "access_token": lambda word: f"https://login.example.com/jwks.json?access_token={word}",
    "client_secret": lambda word: f"https://login.example.com/jwks.json?x=1&client_secret={word}&y=2",
    "in a sentence": lambda word: f"see https://user:{word}@login.example.com/ for more",
}
