"""Consumers' configuration: the places in a platform's file that say whose keys it trusts, as Bindings."""
