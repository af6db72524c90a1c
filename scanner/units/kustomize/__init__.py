"""Kustomizations: manifests and what kustomize lays over them, built as kustomize does it, with the place of each scalar."""
