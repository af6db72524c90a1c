"""IANA's special-purpose address registries (RFC 6890), as of 2026, with the column "Globally Reachable"."""

from __future__ import annotations

IPV4 = {
    "0.0.0.0/8": False,
    "10.0.0.0/8": False,
    "100.64.0.0/10": False,
    "127.0.0.0/8": False,
    "169.254.0.0/16": False,
    "172.16.0.0/12": False,
    "192.0.0.0/24": False,
    "192.31.196.0/24": True,
    "192.52.193.0/24": True,
    "192.88.99.0/24": False,
    "192.168.0.0/16": False,
    "192.175.48.0/24": True,
    "198.18.0.0/15": False,
    "240.0.0.0/4": False,
}
IPV6 = {
    "::1/128": False,
    "::/128": False,
    "64:ff9b:1::/48": False,
    "100::/64": False,
    "100:0:0:1::/64": False,
    "2001:1::1/128": True,
    "2001:1::2/128": True,
    "2001:1::3/128": True,
    "2001:2::/48": False,
    "2001:3::/32": True,
    "2001:4:112::/48": True,
    "2001:5::/32": False,
    "2001:10::/28": False,
    "2001:30::/28": True,
    "2001:100::/24": False,
    "2620:4f:8000::/48": True,
    "5f00::/16": False,
    "fc00::/7": False,
    "fe80::/10": False,
}
# examples stand for public hosts (RFC 5737, RFC 3849, RFC 9637)
DOCUMENTATION = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
# followed by an IPv4 address, which decides: mapped (RFC 4291), NAT64 (RFC 6052)
CARRIERS = ("::ffff:0:0/96", "64:ff9b::/96")
