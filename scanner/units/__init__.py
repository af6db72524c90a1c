"""Units: what a platform would load together, and in which variants.

Takes a Document and looks at the files around it. Gives a Unit: the texts that the platform would load, made of several files,
where each stretch of them comes from, and the variants in which they hold. A chart with its values, a kustomization with its
overlays, a Terraform module with its variables, an application's settings with its profiles.
May import: sources, config, pack, files, clock, errors. It decides nothing about trust, and runs no program.
"""
