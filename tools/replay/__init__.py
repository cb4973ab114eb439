"""Repeats written-down card transactions through the kernel, on either runtime."""
