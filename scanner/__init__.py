"""jwksgov: a policy-as-code governance scanner for JSON Web Key Sets."""

__version__ = "0.1.0"
