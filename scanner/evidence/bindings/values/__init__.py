"""Values in consumers' configuration: placeholders, definitions, intrinsic functions, files beside a file."""
