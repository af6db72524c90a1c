"""Consumers' configuration: where a platform's file says whose keys are trusted, read as Bindings."""
