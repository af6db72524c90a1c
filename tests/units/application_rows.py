"""What of the settings of Java applications is resolved: a row of the table of `docs/units.md` each, with small trees."""

from __future__ import annotations

from collections.abc import Mapping

from tests.units.row import OutcomeRow

R = "src/main/resources"
_SPRING = "spring.security.oauth2.resourceserver.jwt"
GOOD = f"{_SPRING}:\n  issuer-uri: https://login.example.com\n  audiences: shop\n"
OPEN = f"{_SPRING}:\n  issuer-uri: https://login.example.com\n"
HTTP = f"{_SPRING}.issuer-uri: http://login.example.com\n"
AUDIENCE = f"{_SPRING}.audiences: shop\n"
_ON = "spring.config.activate.on-profile"
_REFERENCE = f"{_SPRING}:\n  issuer-uri: ${{idp.base}}/realms/shop\n  audiences: shop\n"
QUARKUS = "quarkus.oidc.auth-server-url=https://login.example.com/realms/shop\nquarkus.oidc.token.audience=shop\n"
_Q_HTTP = "quarkus.oidc.auth-server-url=http://login.example.com/realms/shop\n"
_MICRONAUT = """\
micronaut:
  security:
    token:
      jwt:
        claims-validators: {issuer: https://login.example.com, audience: shop}
        signatures: {jwks: {login: {url: "https://login.example.com/jwks.json"}}}
"""
_M_HTTP = 'micronaut.security.token.jwt.signatures.jwks.login.url: "http://login.example.com/jwks.json"\n'
_MP = "mp.jwt.verify.publickey.location=https://login.example.com/jwks\nmp.jwt.verify.issuer=https://login.example.com\n"
_MP_AUDIENCE = "mp.jwt.verify.audiences=shop\n"


def _resources(**files: str) -> Mapping[str, str]:
    """Files of `src/main/resources`; `__` is a slash, `_` a dot."""
    return {f"{R}/{name.replace('__', '/').replace('_', '.')}": text for name, text in files.items()}


def _profile(name: str, text: str, base: str = GOOD) -> Mapping[str, str]:
    return {f"{R}/application.yml": base, f"{R}/application-{name}.yml": text}


def _config_map(files: Mapping[str, str]) -> str:
    texts = (f"  {name}: |\n" + "".join(f"    {line}\n" for line in text.splitlines()) for name, text in files.items())
    return "kind: ConfigMap\ndata:\n" + "".join(texts)


ROWS: tuple[OutcomeRow, ...] = (
    OutcomeRow(
        "Spring Boot: application-PROFILE.* over application.*; the base is deployed where no profile is for production",
        "resolved",
        (
            ("seen", _profile("prod", HTTP)),
            ("quiet", _profile("prod", AUDIENCE, OPEN)),
            ("seen", _profile("dev", AUDIENCE, OPEN)),
            ("seen", {f"{R}/application.properties": AUDIENCE.replace(": ", "="), f"{R}/application-prod.yaml": OPEN + HTTP}),
        ),
    ),
    OutcomeRow(
        "Spring Boot: documents with spring.config.activate.on-profile or spring.profiles, with expressions",
        "resolved",
        (
            ("quiet", _resources(application_yml=f"{OPEN}---\n{_ON}: prod\n{AUDIENCE}")),
            ("seen", _resources(application_yml=f"{GOOD}---\n{_ON}: prod & eu\n{HTTP}")),
            ("seen", _resources(application_yml=f"{GOOD}---\nspring.profiles: prod\n{HTTP}")),
            ("seen", _resources(application_properties=f"{HTTP}#---\n{_ON}=dev\n".replace(": ", "=") + "a=b\n")),
            (
                "seen",
                {
                    "deploy/config.yaml": "kind: ConfigMap\ndata:\n  application.yml: |\n"
                    + "".join(f"    {line}\n" for line in f"{GOOD}---\n{_ON}: prod\n{HTTP}".splitlines())
                },
            ),
        ),
    ),
    OutcomeRow(
        "application.* and application-PROFILE.* together in one ConfigMap, or mapping of texts",
        "resolved",
        (
            ("seen", {"deploy/config.yaml": _config_map({"application.yml": GOOD, "application-prod.yml": HTTP})}),
            ("quiet", {"deploy/config.yaml": _config_map({"application.yml": OPEN, "application-prod.yml": AUDIENCE})}),
            (
                "seen",
                {
                    "deploy/config.yaml": _config_map(
                        {"application.properties": QUARKUS, "application-prod.properties": _Q_HTTP}
                    )
                },
            ),
        ),
    ),
    OutcomeRow(
        "Spring Boot: spring.profiles.active, .include and .group",
        "resolved",
        (
            ("seen", _profile("tls", HTTP, f"{GOOD}spring.profiles.include: tls\n")),
            ("seen", _profile("eu", HTTP, f"{GOOD}spring.profiles.group.prod: [eu]\n")),
            ("quiet", _profile("secure", AUDIENCE, f"{OPEN}spring.profiles.active: secure\n")),
            ("quiet", _profile("secure", AUDIENCE, f"{OPEN}spring.profiles.group.prod: secure\n")),
        ),
    ),
    OutcomeRow(
        "Spring Boot: spring.config.import of files in the repository; bootstrap.*; config/ in and beside the application",
        "resolved",
        (
            ("seen", {**_resources(application_yml=f"{GOOD}spring.config.import: classpath:idp.yml\n"), f"{R}/idp.yml": HTTP}),
            (
                "quiet",
                {
                    **_resources(application_yml="spring.config.import: [optional:classpath:idp.yml]\n" + OPEN),
                    f"{R}/idp.yml": AUDIENCE,
                },
            ),
            ("seen", _resources(bootstrap_yml=GOOD, application_yml=HTTP)),
            ("seen", _resources(application_yml=GOOD, config__application_yml=HTTP)),
            ("seen", {**_resources(application_yml=GOOD), "config/application.yml": HTTP}),
        ),
    ),
    OutcomeRow(
        "Spring Boot: a file that it imports is not in the repository",
        "undetermined",
        (
            ("undetermined", _resources(application_yml=f"{GOOD}spring.config.import: classpath:idp.yml\n")),
            ("quiet", _resources(application_yml=f"{GOOD}spring.config.import: optional:classpath:idp.yml\n")),
            ("quiet", _resources(application_yml=f"{GOOD}spring.config.import: 'file:/etc/shop/idp.yml'\n")),
        ),
    ),
    OutcomeRow(
        "`${name:default}` from the settings of all layers",
        "resolved",
        (
            (
                "seen",
                _profile("prod", "idp.base: http://login.example.com\n", f"{_REFERENCE}idp.base: https://login.example.com\n"),
            ),
            (
                "quiet",
                _profile("prod", "idp.base: https://login.example.com\n", f"{_REFERENCE}idp.base: http://login.example.com\n"),
            ),
            ("undetermined", _profile("prod", "a: b\n", _REFERENCE)),
        ),
    ),
    OutcomeRow(
        "Quarkus: `%PROFILE.` and application-PROFILE.*; production is `prod` and what has no profile",
        "resolved",
        (
            ("seen", {f"{R}/application.properties": f"{QUARKUS}%prod.{_Q_HTTP}"}),
            ("seen", {f"{R}/application.properties": f"{_Q_HTTP}%test.quarkus.oidc.enabled=false\n"}),
            ("quiet", {f"{R}/application.properties": f"{_Q_HTTP}%prod.{QUARKUS.replace(chr(10), chr(10) + '%prod.', 1)}"}),
            ("seen", {f"{R}/application.properties": QUARKUS, f"{R}/application-prod.properties": _Q_HTTP}),
            ("seen", {f"{R}/application.properties": QUARKUS, f"{R}/application-staging.properties": _Q_HTTP}),
            (
                "seen",
                {
                    f"{R}/application.yaml": "quarkus:\n  oidc: {auth-server-url: https://a.example.com, token.audience: a}\n"
                    "'%prod':\n  quarkus:\n    oidc: {auth-server-url: http://login.example.com}\n"
                },
            ),
        ),
    ),
    OutcomeRow(
        "Quarkus: the profiles `dev` and `test`",
        "not judged: they are never deployed",
        (
            ("quiet", {f"{R}/application.properties": f"{QUARKUS}%dev.quarkus.oidc.tls.verification=none\n"}),
            ("quiet", {f"{R}/application.properties": QUARKUS, f"{R}/application-test.properties": _Q_HTTP}),
        ),
    ),
    OutcomeRow(
        "Quarkus: quarkus.config.profile.parent and quarkus.profile",
        "resolved",
        (
            ("seen", {f"{R}/application.properties": f"{QUARKUS}quarkus.config.profile.parent=common\n%common.{_Q_HTTP}"}),
            ("seen", {f"{R}/application.properties": f"{QUARKUS}quarkus.profile=live\n%live.{_Q_HTTP}"}),
        ),
    ),
    OutcomeRow(
        "MicroProfile: META-INF/microprofile-config.properties below application.*, with `%PROFILE.`",
        "resolved",
        (
            ("quiet", {f"{R}/META-INF/microprofile-config.properties": _MP, f"{R}/application.properties": _MP_AUDIENCE}),
            (
                "seen",
                {f"{R}/META-INF/microprofile-config.properties": f"{_MP}{_MP_AUDIENCE}%prod.{_MP.replace('https', 'http')}"},
            ),
        ),
    ),
    OutcomeRow(
        "Micronaut: application-ENVIRONMENT.* over application.*",
        "resolved",
        (
            ("seen", _profile("prod", _M_HTTP, _MICRONAUT)),
            ("seen", _profile("dev", _MICRONAUT, f"{_MICRONAUT}{_M_HTTP}")),
            # the environment repairs what the base has
            ("quiet", _profile("prod", _MICRONAUT, f"{_MICRONAUT}{_M_HTTP}")),
        ),
    ),
)
