"""DNS records of issuers' host names beside their addresses: aliases, CAA and DNSSEC. Queried only if the user requests it."""
