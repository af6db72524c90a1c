"""A Terraform or OpenTofu module as one text: all its files, with what variables, locals, arguments and files say filled in.

Variants are the named tfvars files of a root module, and the calls of a module that is called.
"""
