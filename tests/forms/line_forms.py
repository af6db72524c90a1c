"""Forms of nginx, Apache, Grafana, environment files, commands; and files whose name tells no format."""

from __future__ import annotations

from tests.forms.form import ISTIO, Form

_URL = "http://login.example.com/jwks"
_NGINX = f"""\
server {{
  location / {{
    auth_jwt "x";
    auth_jwt_key_request /_jwks;
  }}
  location = /_jwks {{ internal; proxy_pass {_URL}; }}
}}
"""
_FLAT = "".join(f" {line.strip()}" for line in _NGINX.splitlines()).strip()
_COMPACT = _NGINX.replace(";\n  }", "; }")
_OIDC = f"OIDCOAuthVerifyJwksUri {_URL}\nOIDCOAuthVerifyIssuer https://login.example.com\n"
_GRAFANA = f"[auth.jwt]\nenabled = true\njwk_set_url = {_URL}\n"
_GRAFANA_ENV = f"GF_AUTH_JWT_ENABLED=true\nGF_AUTH_JWT_JWK_SET_URL={_URL}\n"
_POD = "kind: Pod\nspec:\n  containers:\n  - command: [kube-apiserver]\n    args: "
_QUOTED = "\n".join(
    line.replace("apiVersion:", '"apiVersion":').replace("kind:", '"kind":').replace("spec:", "'spec':")
    for line in ISTIO.splitlines()
)

LINE_FORMS: tuple[Form, ...] = (
    Form(
        "a file without an ending, or of an ending that tells no format",
        "seen",
        (
            {"manifest": "# " + "x" * 2000 + f"\n{ISTIO}"},
            {"deploy/manifest": "#\n" * 5000 + ISTIO},
            {"manifest": f"{_QUOTED}\n"},
            {"manifest": f"\n\n%YAML 1.2\n---\n{ISTIO}"},
            {"a.yaml.": ISTIO},
            {"a.json5": ISTIO},
            {"a.json": ISTIO},
            {"a.conf": ISTIO},
            {"settings": f"spring.security.oauth2.resourceserver.jwt.jwk-set-uri={_URL}\n"},
        ),
    ),
    Form(
        "nginx in any layout, also in files without an ending",
        "seen",
        (
            {"sites-enabled/shop": _NGINX},
            {"nginx.conf": _FLAT},
            {"nginx.conf": _COMPACT},
            {"nginx.conf": f"# {'x' * 5000}\n{_FLAT}\n"},
            {"conf.d/shop": f"# c\n{_COMPACT}"},
            {"nginx.conf": _NGINX.replace("server {", "log_format a\n global\n '$time';\nserver {")},
            {"vhost.j2": _NGINX},
            {"cm.yaml": "kind: ConfigMap\ndata:\n  nginx.conf: |\n" + "".join(f"    {line}\n" for line in _NGINX.splitlines())},
        ),
    ),
    Form(
        "Apache's directives in any case, continued or named by Define",
        "seen",
        (
            {"auth.conf": _OIDC.lower()},
            {"sites-enabled/shop": f"<VirtualHost *:80>\n{_OIDC}</VIRTUALHOST>\n"},
            {"auth.conf": _OIDC.replace("Verify", "Ver\\\nify")},
            {"auth.conf": _OIDC.replace(" http", " \\\n   http")},
            {"auth.conf": f"Define P OIDCOAuthVerify\n${{P}}JwksUri {_URL}\n"},
            {"auth.conf": f'"OIDCOAuthVerifyJwksUri" "{_URL}"\n'},
            {"auth.conf": f"Header always set X-A max-age=1;\n{_OIDC}"},
            {"auth.conf": f"Define U {_URL}\nOIDCOAuthVerifyJwksUri ${{U}}\n"},
        ),
    ),
    Form(
        "Grafana's settings in ini files, variables, units and Dockerfiles",
        "seen",
        (
            {"grafana.cfg": "; x\n" * 2000 + _GRAFANA},
            {"grafana.ini": _GRAFANA.replace("true", "1")},
            {"grafana.ini": _GRAFANA.replace("auth.jwt", "Auth.JWT").replace("jwk_set_url", "JWK_Set_URL")},
            {"grafana.env": f'A="\n{_GRAFANA_ENV}B="\n'},
            {"grafana.list": _GRAFANA_ENV},
            {".env": _GRAFANA_ENV.replace("=", ": ")},
            {"grafana.service": "[Service]\n" + "".join(f'Environment="{line}"\n' for line in _GRAFANA_ENV.splitlines())},
            {"grafana.service.d/a.conf": "[Service]\nEnvironment=" + " ".join(_GRAFANA_ENV.splitlines()) + "\n"},
            {"Dockerfile": "FROM grafana/grafana\n" + "".join(f"ENV {line}\n" for line in _GRAFANA_ENV.splitlines())},
            {"run.sh": "docker run " + " ".join(f"-e {line}" for line in _GRAFANA_ENV.splitlines()) + " grafana/grafana\n"},
            {"a.yaml": f"args: [grafana-server, 'cfg:auth.jwt.enabled=true', 'cfg:default.auth.jwt.jwk_set_url={_URL}']\n"},
            {"compose.yaml": f"command: grafana-server cfg:auth.jwt.enabled=true cfg:auth.jwt.jwk_set_url={_URL}\n"},
            {"run.sh": f"exec grafana-server cfg:auth.jwt.enabled=true cfg:auth.jwt.jwk_set_url={_URL}\n"},
            {"start": "#!/bin/sh\n" + "".join(f"export {line}\n" for line in _GRAFANA_ENV.splitlines()) + "grafana server\n"},
        ),
    ),
    Form(
        "flags of the Kubernetes API server with underscores",
        "seen",
        (
            {"a.yaml": f'{_POD}["--oidc_issuer_url=http://login.example.com", "--oidc_client_id=a"]\n'},
            {"a.yaml": f'{_POD}["--oidc-issuer_url=http://login.example.com", "--oidc_client-id=a"]\n'},
            {"a.yaml": f'{_POD}["--oidc_issuer_url", "http://login.example.com", "--oidc_client_id", a]\n'},
            {"a.sh": "kube-apiserver --oidc_issuer_url=http://login.example.com --oidc_client_id=a\n"},
            {"kube-apiserver.service": "[Service]\nExecStart=/bin/kube-apiserver \\\n  --oidc_issuer_url=http://login.example.com"
             " \\\n  --oidc_client_id=a\n"},
        ),
    ),
    Form(
        "names in any case where the program takes them so",
        "seen",
        (
            {"krakend.json": f'{{"endpoints": [{{"extra_config": {{"auth/validator": {{"ALG": "RS256", "JWK_URL": "{_URL}"}}}}'
             "}]}"},
            {"cm.yaml": "kind: ConfigMap\nmetadata: {name: argocd-cm}\ndata:\n  oidc.config: |\n    NAME: x\n"
             "    ISSUER: http://login.example.com\n    ClientId: a\n"},
            {"api.json": f'{{"Enable_JWT": true, "JWT_Source": "{_URL}", "jwt_signing_method": "rsa"}}'},
            {"config.yaml": "AUTHN:\n  Method: oidc\n  OIDC: {Issuer: 'http://login.example.com', audience: x}\n"},
            {"oauth2_proxy.cfg": 'OIDC_Issuer_URL = "http://login.example.com"\nclient_id = "x"\n'},
            {"component.yaml": "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: b}\nspec:\n"
             f"  type: middleware.http.bearer\n  metadata:\n  - {{name: JWKSURL, value: '{_URL}'}}\n"
             "  - {name: ISSUER, value: 'http://login.example.com'}\n"},
        ),
    ),
    Form(
        "ordinary files of the same names",
        "quiet",
        (
            {"README": "Authentication: see auth_jwt in nginx and OIDCProviderMetadataURL.\n", "LICENSE": "MIT License\n"},
            {"nginx.conf": "http { server { listen 80; location / { proxy_pass http://app; } } }\n",
             "sites-enabled/shop": "server { }"},
            {"Dockerfile": "FROM python:3\nENV A=b \\\n    C=d\nENTRYPOINT [\"python\", \"-m\", \"shop\"]\n",
             "Makefile": "all:\n\ttrue\n"},
            {"run.sh": "#!/bin/sh\nset -e\nexport A=b\njava -Dspring.profiles.active=prod -jar a.jar\n",
             "bin/run": "#!/bin/bash\nls\n"},
            {".gitattributes": "* text\n", ".editorconfig": "[*]\nindent = 2\n", "README.txt": "jwksUri: http://example.com\n"},
            {"shop.service": "[Service]\nEnvironment=A=b \"C=d e\"\nExecStart=/bin/shop\n",
             "apt/sources.list": "deb http://deb x\n"},
            {"VERSION": "1.2.3\n", "CODEOWNERS": "* @shop\n", "bin/tool": "\x7fELF\0auth_jwt", "data": "\0\1\2"},
        ),
    ),
)  # fmt: skip
