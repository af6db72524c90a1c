"""Helm charts as units: a chart's templates, rendered with its values in each of its variants.

Takes a template of a chart and the files around it; gives its rendered text for each values file, with the place of each
stretch of it in the template, in the helpers and in the values. `syntax` parses templates, `evaluate` renders them with the
functions of `functions`, `strings` and `structures`; `chart` knows the files of a chart, `values` and `scopes` how its values
are laid over each other. No program is run: what this evaluator does not know stays in the text as the template has it.
"""
