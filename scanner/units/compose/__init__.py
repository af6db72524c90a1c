"""Compose projects: compose.yaml with its overrides, `.env`, `env_file`, `extends` and `include`, one model for each variant.

By compose-spec/compose-go e70e961c (loader, override, template, dotenv). Variables of the shell that runs compose are not
known: what only they can give stays as it is written, and `${X:-default}` keeps its default.
"""
