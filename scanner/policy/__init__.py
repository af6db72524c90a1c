"""Policy: the rules about facts. Conditions are compiled and type-checked against the fact registry.

Takes a Pack and Facts, gives Results with four answers: pass, fail, not applicable (counted only), undetermined. May import:
facts and what lies before them. The CEL library lives here, behind cel.py.
"""
