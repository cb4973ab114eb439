"""Explains a transaction from a file, in the terminal: the account that the till shows, told again in text."""
