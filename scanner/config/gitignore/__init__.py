"""The pattern language of `.gitignore`, for such files and for the globs of the configuration alike, in linear time."""
