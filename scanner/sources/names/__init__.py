"""What the DNS says of the names that issuers are at, beside their addresses: aliases, CAA and DNSSEC. Asked only where the
user wants it.
"""
