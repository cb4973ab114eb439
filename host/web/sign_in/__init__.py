"""Signing in to the merchant's space (services/L-5): an account is an e-mail address and a password."""
