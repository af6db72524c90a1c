"""Forms of Spring's settings."""

from __future__ import annotations

from tests.forms.form import Form

_NAME = "spring.security.oauth2.resourceserver.jwt.jwk-set-uri"
_VARIABLE = "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWKSETURI"
_URL = "http://login.example.com/jwks"
_DOCTYPE = '<!DOCTYPE properties SYSTEM "http://java.sun.com/dtd/properties.dtd">'
_POD = "kind: Pod\nspec:\n  containers:\n  - name: shop\n"

_NAMED = "spring.security.oauth2.resourceserver.jwt.jwk-set-uri=http://login.example.com/jwks\n"
_NAMED_VARIABLE = "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_JWK_SET_URI=http://login.example.com/jwks\n"

SPRING_FORMS: tuple[Form, ...] = (
    Form(
        "Spring's names with other dashes, underscores and case",
        "seen",
        (
            {"application.properties": f"spring.security.oauth2.resource-server.jwt.jwkSetUri={_URL}\n"},
            {"application.properties": f"{_NAME.upper()}={_URL}\n"},
            {"application.properties": f"spring.security.oauth-2.resource_server.jwt.jwk_set_uri={_URL}\n"},
            {"application.yml": f"spring.security.oauth2:\n  Resource_Server:\n    JWT:\n      jwkseturi: {_URL}\n"},
            {"bootstrap.yml": f"spring:\n  security:\n    oauth2.resource-server.jwt: {{jwk_set-uri: '{_URL}'}}\n"},
            {"config/application-prod.yaml": "spring: {security: {oauth2: {resource-server: {jwt: "
             f"{{JWK-SET-URI: '{_URL}'}}}}}}}}}}\n"},
        ),
    ),
    Form(
        "Spring's properties as XML",
        "seen",
        (
            {"application.xml": f'<?xml version="1.0"?>{_DOCTYPE}<properties><entry key="{_NAME}">{_URL}</entry></properties>'},
            {"application.xml": f'{_DOCTYPE}\n<properties>\n<comment>c</comment>\n<entry key="a">b</entry>\n'
             f'<entry key="{_NAME}">{_URL}</entry>\n</properties>\n'},
            {"config/application-prod.xml": f"<properties><entry key='{_NAME.upper()}'>{_URL}</entry></properties>"},
            {"application.xml": f'<!-- {"x" * 5000} -->\n<properties version="1.0"><entry key="{_NAME}">'
             f"<![CDATA[{_URL}]]></entry></properties>"},
            {"cm.yaml": f"kind: ConfigMap\ndata:\n  application.xml: |\n    <properties>\n"
             f"    <entry key='{_NAME}'>{_URL}</entry>\n    </properties>\n"},
        ),
    ),
    Form(
        "Spring's settings in arguments, options of the JVM and variables",
        "seen",
        (
            {"a.yaml": f'{_POD}    args: ["--{_NAME}={_URL}"]\n'},
            {"a.yaml": f'{_POD}    command: [java, "-D{_NAME}={_URL}", -jar, a.jar]\n'},
            {"a.yaml": f"{_POD}    env: [{{name: JAVA_TOOL_OPTIONS, value: '-Xmx1g -D{_NAME}={_URL}'}}]\n"},
            {"a.yaml": f"{_POD}    env: [{{name: {_NAME}, value: '{_URL}'}}]\n"},
            {"a.yaml": f"{_POD}    env: [{{name: {_VARIABLE.lower()}, value: '{_URL}'}}]\n"},
            {"a.yaml": f"kind: ConfigMap\ndata:\n  {_NAME}: {_URL}\n"},
            {".env": f'JAVA_OPTS="-D{_NAME}={_URL}"\n'},
            {".env": f'SPRING_APPLICATION_JSON={{"{_NAME}":"{_URL}"}}\n'},
            {"run.sh": f"#!/bin/sh\nexec java -jar a.jar --{_NAME}={_URL}\n"},
            {"jvm.options": f"-Xmx1g\n-D{_NAME}={_URL}\n"},
            {"shop.service": f"[Service]\nEnvironment={_VARIABLE}={_URL}\nExecStart=/usr/bin/java -jar a.jar\n"},
            {"Dockerfile": f'FROM x\nENTRYPOINT ["java", "-D{_NAME}={_URL}", "-jar", "a.jar"]\n'},
            {"docker-compose.yml": f"services:\n  shop:\n    command: java -jar a.jar --{_NAME}={_URL}\n"},
        ),
    ),
    Form(
        "a file that a compose file or Spring's configuration names and a scan does not open by its name",
        "undetermined",
        (
            {"application.properties": "spring.config.import=file:extra.dat[.properties]\n", "extra.dat": _NAMED},
            {"application.yml": "spring:\n  config:\n    import: 'optional:file:./x.bin[.properties]'\n", "x.bin": _NAMED},
            {"application.yml": "spring.config.import: ['classpath:/x.txt[.yaml]']\n", "x.txt": _NAMED.replace("=", ": ")},
            {"compose.yaml": "services:\n  a:\n    env_file: set.txt\n", "set.txt": _NAMED_VARIABLE},
            {
                "docker-compose.yml": "services:\n  a:\n    env_file:\n      - path: ./set.txt\n        required: false\n",
                "set.txt": _NAMED_VARIABLE,
            },
        ),
    ),
    Form(
        "other files that a compose file or Spring's configuration names",
        "quiet",
        (
            {"application.properties": "spring.config.import=file:extra.dat[.properties]\n", "extra.dat": "a=b\n"},
            {"application.properties": "spring.config.import=optional:file:none.dat[.properties]\n"},
            {"application.yml": "spring.config.import: ['classpath:/x.txt[.yaml]']\n", "x.txt": "a: b\n"},
            {"compose.yaml": "services:\n  a:\n    env_file: set.txt\n", "set.txt": "A=b\n"},
            {"compose.yaml": "services:\n  a:\n    env_file: [../none.txt, set.txt]\n", "set.txt": "# jwt, jwks, issuer\n"},
        ),
    ),
)  # fmt: skip
