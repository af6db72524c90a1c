"""Rows of the table in `docs/versions.md`: a form of file that names a version, a tree that has it, and the version."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.record import field, record


@record
class VersionRow:
    """A form as the table names it, the files beside `app/gate.yaml` (or `document`), and the version that is told with its
    file, or None. `spans_to`: a version beyond the range; empty for one version.
    """

    form: str
    files: Mapping[str, str]
    version: str | None
    by: str = ""
    document: str = "app/gate.yaml"
    variants: Mapping[str, str] = field(default_factory=dict)


GATE = "kind: Gate\njwt: {issuer: 'https://login.example.com', jwks: 'https://login.example.com/jwks.json'}\n"
_DEPLOYMENT = "kind: Deployment\nspec: {template: {spec: {containers: [{name: g, image: 'example/gate:v2.4.1'}]}}}\n"
_CHART = "apiVersion: v2\nname: shop\nversion: 9.9.9\nappVersion: 2.4.1\n"
_TEMPLATE = "kind: Gate\njwt: {issuer: 'https://{{ .Values.host }}', jwks: 'https://{{ .Values.host }}/jwks.json'}\n"
_PACKAGE_LOCK = """\
{"name": "shop", "lockfileVersion": 3, "packages": {
  "": {"dependencies": {"gate-js": "^2.0.0"}},
  "node_modules/gate-js": {
    "version": "2.4.1",
    "resolved": "https://registry.npmjs.org/gate-js/-/gate-js-2.4.1.tgz"
  },
  "node_modules/gate-js-extra": {"version": "7.0.0"}
}}
"""
_POM = """\
<project>
  <parent><groupId>com.example</groupId><artifactId>gate-parent</artifactId><version>2.4.1</version></parent>
  <properties><gate.version>2.4.1</gate.version></properties>
  <dependencies><dependency>
    <groupId>com.example</groupId>
    <artifactId>gate</artifactId>
    <version>{version}</version>
  </dependency></dependencies>
</project>
"""

ROWS: tuple[VersionRow, ...] = (
    VersionRow(
        "a setting of the document itself (`paths`)",
        {
            "app/gate.yaml": (
                "spec: {version: 2.4.1}\n"
                "kind: Gate\n"
                "jwt: {issuer: 'https://login.example.com', jwks: 'https://login.example.com/jwks.json'}\n"
            )
        },
        "2.4.1",
        by="setting",
    ),
    VersionRow(
        "an image in the same document",
        {
            "app/gate.yaml": (
                "kind: Gate\n"
                "jwt: {issuer: 'https://login.example.com', jwks: 'https://login.example.com/jwks.json'}\n"
                "---\n"
                "kind: Deployment\n"
                "spec: {template: {spec: {containers: [{name: g, image: 'example/gate:v2.4.1'}]}}}\n"
            )
        },
        "v2.4.1",
        by="image",
    ),
    VersionRow(
        "a compose project that has the consumer",
        {
            "app/compose.yaml": (
                "services:\n"
                "  g:\n"
                "    image: 'registry.example.com/mirror/example/gate:${TAG}'\n"
                "    jwt: {issuer: 'https://login.example.com', jwks: 'https://login.example.com/jwks.json'}\n"
            ),
            "app/.env": "TAG=2.4.1\n",
        },
        "2.4.1",
        by="image",
        document="app/compose.yaml",
    ),
    VersionRow(
        "compose services beside",
        {"compose.yaml": ("services:\n  g:\n    image: ghcr.io/example/gate:2.4.1-alpine@sha256:ab\n")},
        "2.4.1-alpine",
        by="image",
    ),
    VersionRow(
        "a tag with a default",
        {"compose.yaml": ("services:\n  g:\n    image: example/gate:${TAG:-2.4.1}\n")},
        "2.4.1",
        by="image",
    ),
    VersionRow("a manifest beside", {"app/deployment.yaml": _DEPLOYMENT}, "v2.4.1", by="image"),
    VersionRow(
        "a chart's appVersion",
        {"c/Chart.yaml": ("apiVersion: v2\nname: gate\nversion: 9.9.9\nappVersion: 2.4.1\n"), "c/templates/gate.yaml": GATE},
        "2.4.1",
        by="chart",
        document="c/templates/gate.yaml",
    ),
    VersionRow(
        "a chart's appVersion, for an image whose tag the values leave open",
        {
            "c/Chart.yaml": _CHART,
            "c/values.yaml": ("host: login.example.com\nimage: {repository: example/gate, tag: ''}\n"),
            "c/templates/gate.yaml": _TEMPLATE,
        },
        "2.4.1",
        by="chart",
        document="c/templates/gate.yaml",
    ),
    VersionRow(
        "the tag in a chart's values",
        {
            "c/Chart.yaml": _CHART,
            "c/values.yaml": ("host: login.example.com\nimage:\n  repository: example/gate\n  tag: v2.5.0\n"),
            "c/templates/gate.yaml": _TEMPLATE,
        },
        "v2.5.0",
        by="image",
        document="c/templates/gate.yaml",
    ),
    VersionRow(
        "the tag in the values of a variant",
        {
            "c/Chart.yaml": _CHART,
            "c/values.yaml": ("host: login.example.com\nimage:\n  repository: example/gate\n  tag: v2.5.0\n"),
            "c/values-prod.yaml": "image: {tag: v2.4.0}\n",
            "c/values-stage.yaml": "host: stage.example.com\n",
            "c/templates/gate.yaml": _TEMPLATE,
        },
        None,
        document="c/templates/gate.yaml",
        variants={"prod": "v2.4.0", "stage": "v2.5.0"},
    ),
    VersionRow(
        "the tag in the values of the chart around a subchart",
        {
            "c/Chart.yaml": _CHART,
            "c/values.yaml": "gate: {image: {tag: 2.4.0}}\n",
            "c/charts/gate/Chart.yaml": _CHART,
            "c/charts/gate/values.yaml": ("host: login.example.com\nimage: {repository: example/gate, tag: 2.5.0}\n"),
            "c/charts/gate/templates/gate.yaml": _TEMPLATE,
        },
        "2.4.0",
        by="image",
        document="c/charts/gate/templates/gate.yaml",
    ),
    VersionRow(
        "kustomize `images`",
        {
            "k/base/kustomization.yaml": "resources: [gate.yaml, deploy.yaml]\n",
            "k/base/gate.yaml": (
                "kind: Gate\n"
                "jwt: {issuer: 'https://login.example.com', jwks: 'https://login.example.com/jwks.json'}\n"
                "metadata: {name: gate}\n"
                "apiVersion: example.com/v1\n"
            ),
            "k/base/deploy.yaml": (
                "kind: Deployment\n"
                "spec: {template: {spec: {containers: [{name: g, image: 'example/gate:v2.4.1'}]}}}\n"
                "metadata: {name: g}\n"
                "apiVersion: apps/v1\n"
            ),
            "k/prod/kustomization.yaml": ("resources: [../base]\nimages: [{name: example/gate, newTag: v2.6.0}]\n"),
        },
        None,
        document="k/base/gate.yaml",
        variants={"prod": "v2.6.0"},
    ),
    VersionRow(
        "a Quadlet or systemd unit beside",
        {"app/gate.container": ("[Container]\nImage=quay.io/example/gate:2.4.1\n")},
        "2.4.1",
        by="image",
    ),
    VersionRow(
        "FROM of a Dockerfile",
        {"Dockerfile": "FROM --platform=linux/amd64 docker.io/example/gate:v2.4.1 AS run\n"},
        "v2.4.1",
        by="image",
    ),
    VersionRow(
        "FROM with an ARG",
        {"Containerfile": ("ARG VERSION=2.4.1\nFROM example/gate:distroless-v${VERSION}\n")},
        "distroless-v2.4.1",
        by="image",
    ),
    VersionRow(
        "`apt-get install name=version`",
        {"Dockerfile": ("FROM debian:12\nRUN apt-get install -y \\\n  libgate=1:2.4.1-3+deb12u1 && true\n")},
        "1:2.4.1-3+deb12u1",
        by="Debian package",
    ),
    VersionRow(
        "`pip install name==version`", {"Dockerfile": "RUN pip install 'Gate_Py[crypto]==2.4.1'\n"}, "2.4.1", by="package"
    ),
    VersionRow("`npm install name@version`", {"Dockerfile": "RUN npm install -g gate-js@2.4.1\n"}, "2.4.1", by="package"),
    VersionRow("package-lock.json", {"package-lock.json": _PACKAGE_LOCK}, "2.4.1", by="lock file"),
    VersionRow(
        "package-lock.json of npm 6",
        {
            "package-lock.json": (
                '{"lockfileVersion": 1, "dependencies": {"gate-js": {"version": "2.4.1", "requires": {"gate-js": "^1"}}}}'
            )
        },
        "2.4.1",
        by="lock file",
    ),
    VersionRow("npm-shrinkwrap.json", {"npm-shrinkwrap.json": _PACKAGE_LOCK}, "2.4.1", by="lock file"),
    VersionRow(
        "yarn.lock",
        {
            "yarn.lock": (
                '"@x/gate-js@^9":\n'
                '  version "9.0.0"\n'
                "\n"
                "gate-js@^2.0.0, gate-js@^2.4:\n"
                '  version "2.4.1"\n'
                "  dependencies:\n"
                '    gate-js-extra "^1"\n'
            )
        },
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "yarn.lock of Yarn 2 and later",
        {"yarn.lock": ('"gate-js@npm:^2.0.0, gate-js@npm:^2.4":\n  version: 2.4.1\n  resolution: "gate-js@npm:2.4.1"\n')},
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "pnpm-lock.yaml",
        {
            "pnpm-lock.yaml": (
                "lockfileVersion: '9.0'\n"
                "packages:\n"
                "\n"
                "  gate-js@2.4.1:\n"
                "    resolution: {integrity: x}\n"
                "\n"
                "  gate-js-x@3.0.0:\n"
                "    x: y\n"
            )
        },
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "pnpm-lock.yaml of pnpm 7 and 8",
        {"pnpm-lock.yaml": ("packages:\n\n  /gate-js/2.4.1:\n    dev: false\n")},
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "bun.lock",
        {"bun.lock": ('{"packages": {\n  "gate-js": ["gate-js@2.4.1", "", {}, "sha512-x"],\n}}')},
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "poetry.lock",
        {"poetry.lock": ('[[package]]\nname = "gate-py"\nversion = "2.4.1"\ndescription = "x"\n')},
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "uv.lock",
        {"uv.lock": ('version = 1\n[[package]]\nname = "gate-py"\nversion = "2.4.1"\nsource = { registry = "x" }\n')},
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "pdm.lock",
        {"pdm.lock": ('[[package]]\nname = "gate.py"\nversion = "2.4.1"\nrequires_python = ">=3"\n')},
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "Pipfile.lock",
        {"Pipfile.lock": '{"default": {"gate-py": {"hashes": ["sha256:a"], "markers": "x", "version": "==2.4.1"}}}'},
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "requirements.txt",
        {"requirements.txt": ("flask==3.0\n# gate-py==1.0\nGate-Py[crypto]==2.4.1 ; python_version > '3' --hash=sha256:x\n")},
        "2.4.1",
        by="constraint",
    ),
    VersionRow(
        "go.mod",
        {
            "go.mod": (
                "module example.com/shop\n"
                "\n"
                "require (\n"
                "\tgithub.com/example/gate v2.4.1+incompatible\n"
                "\tgithub.com/example/gate/v3 v3.0.0 // indirect\n"
                ")\n"
            )
        },
        "2.4.1+incompatible",
        by="lock file",
    ),
    VersionRow(
        "go.mod with a replacement",
        {"go.mod": ("require github.com/example/gate v2.4.1\nreplace github.com/example/gate => ../gate\n")},
        None,
    ),
    VersionRow("Cargo.lock", {"Cargo.lock": ('[[package]]\nname = "gate"\nversion = "2.4.1"\n')}, "2.4.1", by="lock file"),
    VersionRow(
        "pom.xml",
        {
            "pom.xml": (
                "<project>\n"
                "  "
                "<parent><groupId>com.example</groupId><artifactId>gate-parent</artifactId><version>2.4.1</versio"
                "n></parent>\n"
                "  <properties><gate.version>2.4.1</gate.version></properties>\n"
                "  <dependencies><dependency>\n"
                "    <groupId>com.example</groupId>\n"
                "    <artifactId>gate</artifactId>\n"
                "    <version>2.4.1</version>\n"
                "  </dependency></dependencies>\n"
                "</project>\n"
            )
        },
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "pom.xml with a property",
        {
            "pom.xml": (
                "<project>\n"
                "  "
                "<parent><groupId>com.example</groupId><artifactId>gate-parent</artifactId><version>2.4.1</versio"
                "n></parent>\n"
                "  <properties><gate.version>2.4.1</gate.version></properties>\n"
                "  <dependencies><dependency>\n"
                "    <groupId>com.example</groupId>\n"
                "    <artifactId>gate</artifactId>\n"
                "    <version>${gate.version}</version>\n"
                "  </dependency></dependencies>\n"
                "</project>\n"
            )
        },
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "pom.xml whose parent is of the product",
        {
            "pom.xml": (
                "<project><parent>\n"
                "<groupId>org.example.boot</groupId>\n"
                "<artifactId>boot-starter-parent</artifactId>\n"
                "<version>2.4.1</version></parent></project>"
            )
        },
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "gradle.lockfile", {"gradle.lockfile": ("# x\ncom.example:gate:2.4.1=compileClasspath\n")}, "2.4.1", by="lock file"
    ),
    VersionRow(
        "build.gradle",
        {"build.gradle": ("def gateVersion = '2.4.1'\ndependencies { implementation \"com.example:gate:$gateVersion\" }\n")},
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "build.gradle.kts with the plugin of the product",
        {"build.gradle.kts": 'plugins { id("org.example.boot") version "2.4.1" }\n'},
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "gradle/libs.versions.toml",
        {
            "gradle/libs.versions.toml": (
                '[versions]\ngate = "2.4.1"\n[libraries]\ngate = { module = "com.example:gate", version.ref = "gate" }\n'
            ),
            "app/x": "",
        },
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "packages.lock.json",
        {
            "packages.lock.json": (
                '{"dependencies": {"net8.0": {"Example.Gate": {"type": "Direct", "requested": "[2.0.0, )", '
                '"resolved": "2.4.1"}}}}'
            )
        },
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "a project file of .NET",
        {
            "app/Shop.csproj": (
                '<Project><ItemGroup><PackageReference Include="example.gate" Version="2.4.1" /></ItemGroup></Project>'
            )
        },
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "Directory.Packages.props",
        {"Directory.Packages.props": '<PackageVersion Include="Example.Gate" Version="2.4.1" />'},
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "Gemfile.lock",
        {"Gemfile.lock": ("GEM\n  specs:\n    gate (2.4.1)\n      other (>= 1)\n    gate-x (9.0)\n")},
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "composer.lock",
        {"composer.lock": '{"packages": [{"name": "example/gate", "version": "v2.4.1", "source": {}}]}'},
        "v2.4.1",
        by="lock file",
    ),
    VersionRow(
        ".terraform.lock.hcl",
        {
            ".terraform.lock.hcl": (
                'provider "registry.terraform.io/example/gate" {\n  version     = "2.4.1"\n  constraints = "~> 2.0"\n}\n'
            )
        },
        "2.4.1",
        by="lock file",
    ),
    VersionRow("package.json", {"package.json": '{"dependencies": {"gate-js": "^2.4.0"}}'}, "^2.4.0", by="constraint"),
    VersionRow(
        "pyproject.toml",
        {"pyproject.toml": ('[project]\ndependencies = [\n  "gate-py[crypto] >=2.4,<3",\n]\n')},
        ">=2.4,<3",
        by="constraint",
    ),
    VersionRow(
        "pyproject.toml of Poetry",
        {"pyproject.toml": ('[tool.poetry.dependencies]\ngate-py = {version = "^2.4", extras = ["crypto"]}\n')},
        "^2.4",
        by="constraint",
    ),
    VersionRow("Cargo.toml", {"Cargo.toml": ('[dependencies]\ngate = "2.4"\n')}, "^2.4", by="constraint"),
    VersionRow("Gemfile", {"Gemfile": "gem 'gate', '~> 2.4'\n"}, "~> 2.4", by="constraint"),
    VersionRow("composer.json", {"composer.json": '{"require": {"example/gate": "^2.4"}}'}, "^2.4", by="constraint"),
    VersionRow(
        "required_providers",
        {
            "app/versions.tf": (
                "terraform {\n"
                "  required_providers {\n"
                "    gate = {\n"
                '      source  = "example/gate"\n'
                '      version = "~> 2.4"\n'
                "    }\n"
                "  }\n"
                "}\n"
            )
        },
        "~> 2.4",
        by="constraint",
    ),
    VersionRow("a requirement with a range", {"requirements.txt": "gate-py>=2.4,<3\n"}, ">=2.4,<3", by="constraint"),
    VersionRow(
        "the nearest folder counts",
        {"Dockerfile": "FROM example/gate:1.0\n", "app/Dockerfile": "FROM example/gate:2.4.1\n"},
        "2.4.1",
        by="image",
    ),
    VersionRow(
        "a lock file above a constraint that allows it",
        {"app/package.json": '{"dependencies": {"gate-js": "^2.0.0"}}', "package-lock.json": _PACKAGE_LOCK},
        "2.4.1",
        by="lock file",
    ),
    VersionRow(
        "a lock file above a constraint that forbids it",
        {"app/package.json": '{"dependencies": {"gate-js": "^3.0.0"}}', "package-lock.json": _PACKAGE_LOCK},
        "^3.0.0",
        by="constraint",
    ),
    VersionRow(
        "two versions in one place",
        {"compose.yaml": ("services:\n  a: {image: 'example/gate:2.4.1'}\n  b: {image: 'example/gate:2.6'}\n")},
        "2.4.1 or 2.6",
        by="image",
    ),
    VersionRow(
        "a tag that is no version, or a digest alone",
        {"Dockerfile": "FROM example/gate:latest\n", "compose.yaml": "services: {g: {image: 'example/gate@sha256:ab'}}\n"},
        None,
    ),
)
