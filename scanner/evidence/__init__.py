"""Evidence: what a document holds, typed and positioned, with no view on whether it is true or good.

Takes Documents, gives Evidence: JWK Sets, issuer metadata and consumer bindings, each with its faults.
Private JWK members are noted by name and their values dropped here; nothing after this room can see them.
May import: sources, config, pack, files, clock, errors; cryptography for certificates.
"""
