"""Waivers: which of them covers a finding, and what is wrong with each."""
