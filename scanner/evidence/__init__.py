"""Evidence: the content of a document, typed and with positions, without judging whether it is true or good.

Takes Documents, gives Evidence: JWK Sets, issuer metadata and consumer bindings, each with its faults. This room keeps the
names of private JWK members and drops their values; no later room can see them. May import: sources, config, pack, files,
clock, errors; cryptography for certificates.
"""
