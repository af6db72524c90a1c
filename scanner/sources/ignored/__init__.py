"""Which files of a scanned tree its `.gitignore` files leave out."""
