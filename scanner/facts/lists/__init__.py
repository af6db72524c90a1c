"""Lists that facts compare with: registries, known weak and published keys, words for environments and purposes."""
