"""Forms of trust that is written in source code."""

from __future__ import annotations

from tests.forms.form import Form

_URL = "http://login.example.com/jwks.json"
_STRATEGY = f"""\
import {{ Strategy }} from 'passport-jwt';
import {{ passportJwtSecret }} from 'jwks-rsa';
export class JwtStrategy extends PassportStrategy(Strategy) {{
  constructor() {{
    const issuer = 'https://login.example.com';
    super({{ secretOrKeyProvider: passportJwtSecret({{ jwksUri: '{_URL}' }}), audience: 'a', issuer }});
  }}
}}
"""
_JOSE = f"import {{ createRemoteJWKSet }} from 'jose';\nexport const JWKS = createRemoteJWKSet(new URL('{_URL}'));\n"
_CLIENT = f'import jwt\nURL = "{_URL}"\nclient = jwt.PyJWKClient(URL)\n'
_DJANGO = f'OIDC_RP_SIGN_ALGO = "RS256"\nOIDC_OP_JWKS_ENDPOINT = "{_URL}"\n'
_SIMPLE = 'SIMPLE_JWT = dict(JWK_URL=env("KEYS"), ALGORITHM="RS256", ISSUER="https://a.example.com", AUDIENCE="a")\n'
_GITLAB = (
    "gitlab_rails['omniauth_providers'] = [{ name: 'openid_connect', args: { issuer: 'http://login.example.com',"
    " client_options: { identifier: 'a' } } }]\n"
)
_INDENTED = "".join(f"        {line}\n" for line in _GITLAB.splitlines())

CODE_FORMS: tuple[Form, ...] = (
    Form(
        "trust that a library is given in Python, JavaScript, TypeScript or Ruby",
        "seen",
        (
            {"src/jwt.strategy.ts": _STRATEGY},
            {"lib/keys.mjs": _JOSE},
            {"app/auth.py": _CLIENT},
            {"settings.py": _DJANGO},
            {"gitlab.rb": _GITLAB},
            {"docker-compose.yml": f"services:\n  git:\n    environment:\n      GITLAB_OMNIBUS_CONFIG: |\n{_INDENTED}"},
        ),
    ),
    Form(
        "trust in code that only the running program knows",
        "undetermined",
        (
            {"src/jwt.strategy.ts": _STRATEGY.replace(f"'{_URL}'", "process.env.JWKS_URI")},
            {"lib/keys.mjs": _JOSE.replace(f"'{_URL}'", "settings.url")},
            {"app/auth.py": _CLIENT.replace(f'"{_URL}"', 'os.environ["JWKS_URL"]')},
            {"settings.py": _SIMPLE},
            {"gitlab.rb": _GITLAB.replace("'http://login.example.com'", "ENV['ISSUER']")},
        ),
    ),
    Form(
        "code of tests, comments, types and ordinary code",
        "quiet",
        (
            {"tests/test_auth.py": _CLIENT},
            {"src/keys.spec.ts": _JOSE},
            {"app/auth.py": "".join(f"# {line}\n" for line in _CLIENT.splitlines())},
            {"src/types.d.ts": _JOSE},
            {"dist/app.min.js": _JOSE},
            {"app/views.py": "def view(request):\n    return render(request, 'a.html')\n"},
        ),
    ),
)
