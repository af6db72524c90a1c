"""Issuers' documents: metadata in files, and what was fetched over the network."""
