"""The versions of consumers that the files around a binding name: images, charts, lock files, constraints.

Takes the files beside a document, gives SeenVersion. May import: what evidence may.
"""
