"""Waivers: finding the one that covers a finding, and judging each waiver."""
