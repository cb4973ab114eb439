"""What can go wrong with a merchant's account. No error names an address, a password or a link.

SignInError
|- InvalidAddress  they did wrong: that is no e-mail address
|- KnownAddress    they did wrong: it has an account already
|- WeakPassword    they did wrong: `code` is a key of words.py
|- WrongPassword   they did wrong: there is no such account, or that is not its password
`- LinkEnded       they did wrong: the link was used, is past, or is none of ours
"""

from __future__ import annotations


class SignInError(Exception):
    pass


class InvalidAddress(SignInError):
    pass


class KnownAddress(SignInError):
    pass


class WeakPassword(SignInError):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class WrongPassword(SignInError):
    pass


class LinkEnded(SignInError):
    pass
