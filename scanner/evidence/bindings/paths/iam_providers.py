"""The OIDC providers of AWS IAM in a document: as Terraform, as CloudFormation and the CDK, and as widely used modules make
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scanner.evidence.bindings.paths.iam_modules import list_module_providers
from scanner.evidence.bindings.paths.iam_nodes import IamProvider, cut_arn, find_member, list_nodes_of, list_scalars
from scanner.evidence.bindings.paths.pair_lists import mappings_in
from scanner.files.tree import Mapping, Node, Scalar
from scanner.patterns import lazy_pattern

_TYPE = "aws_iam_openid_connect_provider"
_TEMPLATE_TYPES = frozenset({"AWS::IAM::OIDCProvider", "Custom::AWSCDKOpenIdConnectProvider"})
# what a reference may name: a resource or data source, a module's output, a logical id
_ADDRESS = lazy_pattern(rf"(?:data\.)?{_TYPE}\.[\w-]++|module\.[\w-]++|[A-Za-z0-9]++")


class IamProviders:
    """The providers of one document, by the addresses under which its policies name them."""

    def __init__(self, document: Node) -> None:
        self.known: dict[str, IamProvider] = {}
        for each in _list_providers(document):
            self.known.setdefault(each.address, each)
        self._by_host: dict[str, IamProvider] = {}
        for each in self.known.values():
            self._by_host.setdefault(each.host, each)

    def find(self, principal: str, hosts: list[str]) -> IamProvider | None:
        """The first provider that the text of a principal names, else the one for one of the issuers."""
        if not self.known:
            return None
        named = (self.known.get(match[0]) for match in _ADDRESS.finditer(principal))
        of_host = (self._by_host.get(host) for host in hosts)
        return next((each for each in (*named, *of_host) if each is not None), None)


def _list_providers(document: Node) -> Iterator[IamProvider]:
    for each in mappings_in(document):
        for name, read in _READERS:
            found = each.get(name)
            if isinstance(found, Mapping):
                yield from read(found)
    yield from list_module_providers(document)


def _read_resources(types: Mapping) -> Iterator[IamProvider]:
    """Terraform's resources."""
    yield from _read_blocks(types, "")


def _read_data(types: Mapping) -> Iterator[IamProvider]:
    """Terraform's data sources, which name a provider by its URL or its ARN."""
    yield from _read_blocks(types, "data.")


def _read_blocks(types: Mapping, prefix: str) -> Iterator[IamProvider]:
    blocks = types.get(_TYPE)
    for entry in blocks.entries if isinstance(blocks, Mapping) else ():
        for block in list_nodes_of(entry.value):
            url = _find_url(block) if isinstance(block, Mapping) else None
            if isinstance(block, Mapping) and url is not None:
                address = f"{prefix}{_TYPE}.{entry.key.text}"
                yield IamProvider(address, url, block.get("client_id_list"), block.get("thumbprint_list"))


def _find_url(block: Mapping) -> Scalar | None:
    url, arn = block.get("url"), block.get("arn")
    if isinstance(url, Scalar):
        return url
    return cut_arn(arn, arn.text) if isinstance(arn, Scalar) else None


def _read_template(resources: Mapping) -> Iterator[IamProvider]:
    """CloudFormation's resources."""
    for entry in resources.entries:
        if not isinstance(entry.value, Mapping):
            continue
        kind, properties = entry.value.get("Type"), entry.value.get("Properties")
        if not isinstance(kind, Scalar) or kind.text not in _TEMPLATE_TYPES or not isinstance(properties, Mapping):
            continue
        url = next(list_scalars(find_member(properties, "url")), None)
        if url is not None:
            client_ids, thumbprints = (find_member(properties, name) for name in ("clientidlist", "thumbprintlist"))
            yield IamProvider(entry.key.text, url, client_ids, thumbprints)


_READERS: tuple[tuple[str, Callable[[Mapping], Iterator[IamProvider]]], ...] = (
    ("resource", _read_resources),
    ("data", _read_data),
    ("Resources", _read_template),
)
