"""Which files of a scanned tree git tracks, read from the repository's index: git itself is never started."""
