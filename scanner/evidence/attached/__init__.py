"""Policies that are attached to parts of a gateway or a mesh, and which of them applies where several could."""
