"""What scripts and payload files write to the JWT mounts of Vault and OpenBao: configurations and their roles together."""
