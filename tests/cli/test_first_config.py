"""The first configuration can be read back, whatever stood in the files that it was made from."""

from __future__ import annotations

from unicodedata import category

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.commands.first_config import MOST_ISSUERS, first_config
from scanner.commands.survey import IssuerMentions, Survey
from scanner.config.check_inventory import is_web_url
from scanner.config.load import parse_config
from scanner.errors import Place

# names of files and folders: anything but what ends a name
NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
    lambda name: name not in (".", "..")
)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
PLACES = st.builds(Place, PATHS, st.integers(1, 10**6), st.just(1))
URLS = st.text(max_size=30).map(lambda text: f"https://a.example/{text}")
ISSUERS = URLS.filter(lambda url: is_web_url(url, is_issuer=True))
KEYS = st.dictionaries(URLS.filter(lambda url: is_web_url(url, is_issuer=False)), st.lists(PLACES, min_size=1), max_size=3)
METS = st.builds(IssuerMentions, st.lists(PLACES, max_size=5), st.lists(PLACES, min_size=1), KEYS, KEYS)
SURVEYS = st.builds(
    Survey, st.dictionaries(ISSUERS, METS, max_size=4), KEYS, st.lists(PATHS), st.lists(PATHS), st.sets(PATHS, max_size=5)
)


@settings(deadline=None)
@given(SURVEYS)
def test_is_read_back_with_every_issuer_and_its_keys(survey: Survey) -> None:
    config = parse_config(first_config(survey, "").encode(), ".jwksgov.yaml")
    expected = {issuer: next(iter(met.jwks_uris()), (None,))[0] for issuer, met in survey.issuers.items()}
    assert {note.issuer: note.jwks_uri for note in config.issuers} == expected


@settings(deadline=None)
@given(SURVEYS)
def test_has_no_line_that_a_name_began(survey: Survey) -> None:
    """Every line is a comment of ours or a member that is known, and nothing in it turns text around."""
    begins = ("#", "profile: ", "fail_on: ", "issuers:", "consumers:", "- issuer: ", "- folder: ", "jwks_uri: ")
    for line in filter(None, first_config(survey, "").split("\n")):
        assert line.strip(" ").startswith(begins)
        assert not {category(char) for char in line} & {"Cc", "Cf", "Zl", "Zp"}


def test_lists_so_many_issuers_and_tells_of_the_others() -> None:
    survey = Survey(
        {f"https://i{number}.example": IssuerMentions(trusted=[Place("a.yaml", 1, 1)]) for number in range(MOST_ISSUERS + 2)}
    )
    text = first_config(survey, "")
    assert len(parse_config(text.encode(), ".jwksgov.yaml").issuers) == MOST_ISSUERS
    assert "# not listed: 2 more issuers\n" in text
