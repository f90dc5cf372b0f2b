"""Checks: what an argument may be, and what fits into memory, said in one sentence before any work begins."""
