"""Kustomizations: manifests, and what kustomize lays over them, built as kustomize builds them, with the place of each scalar."""
