"""Pack: the policies as data: rules, objectives, frameworks, profiles and platforms, read and shape-checked.

Takes policy folders, gives a Pack. Conditions are compiled later, in `policy`, which knows the facts. May import: files, clock,
errors. The models are records, so that a hook stays fast; pydantic prints the JSON Schemas from the same classes
(commands/schemas.py).
"""
