"""Issuers' documents: metadata in files, and documents fetched over the network."""
