"""The path language of platform files: selectors, how they are followed, and the readers for odd shapes."""
