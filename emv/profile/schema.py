"""What a profile file may say, as tables: docs/profile.md is made of them, emv/profile/check.py holds a file to them.

A row: field, type, unit, needed, default, tag (0: none), meaning. The unit of a text or of hex bytes is its length.
"""

from __future__ import annotations

_ZERO = "0000000000"

PROFILE = (
    ("name", "text", "1-16 characters", True, None, 0, "What the till shows as the reader's configuration"),
    ("currency", "number", "1-999", True, None, 0x5F2A, "The one currency of this terminal, ISO 4217 numeric"),
    ("currency_exponent", "number", "0-3", False, 2, 0x5F36, "Decimals of the currency: amounts here are minor units"),
    ("amount_limit_minor", "amount", "minor units", False, 999999999999, 0, "The largest payment taken at all"),
    ("country", "number", "1-999", True, None, 0x9F1A, "Where the terminal is, ISO 3166 numeric"),
    ("merchant_category_code", "digits", "4 digits", False, "0000", 0x9F15, "ISO 18245"),
    ("terminal_id", "text", "8 characters", False, "00000000", 0x9F1C, "The acquirer's name of the terminal"),
    ("terminal_type", "hex", "1 byte", False, "22", 0x9F35, "22: attended, of a merchant, offline and online"),
    ("capabilities", "hex", "3 bytes", True, None, 0x9F33, "Card data input, methods of verification, security"),
    ("additional_capabilities", "hex", "5 bytes", True, None, 0x9F40, "Kinds of transaction, keypad, screen, printer"),
    ("data", "data objects", "hex", False, {}, 0, "Further terminal data: tag -> value"),
    ("selection", "one of", "pse aid_list", False, "pse", 0, "Contact: the card's directory first, or the list alone"),
    ("brand_order", "AIDs", "5-16 bytes", False, [], 0, "The merchant's own order of brands, before the card's"),
    ("ask_cardholder", "flag", "", False, False, 0, "More than one brand in common: always ask which"),
    ("pin_bypass", "flag", "", False, False, 0, "The cardholder may go on without a PIN; the issuer hears of it"),
    ("velocity_minutes", "number", "0-1440", False, 0, 0, "How long a tap without PIN counts against the next; 0: not"),
    ("velocity_taps", "number", "1-999", False, 5, 0, "Meanwhile one card taps so often without PIN, then with"),
    ("velocity_amount_minor", "amount", "minor units", False, 15000, 0, "And for so much altogether"),
    (
        "policies",
        "some of",
        "C-04 C-07 C-09 C-10",
        False,
        [],
        0,
        "Hardenings beyond the books, by the attack they stop",
    ),
    ("groups", "groups", "", False, {}, 0, "Name -> fields of applications, so that each is written once"),
    ("applications", "applications", "", True, None, 0, "What is taken, each on one interface"),
)

APPLICATION = (
    ("name", "text", "1-16 characters", False, "", 0, "What people call it: for readers of the file alone"),
    ("aid", "hex", "5-16 bytes", True, None, 0x9F06, "Application identifier, or its beginning"),
    ("group", "text", "1-16 characters", False, "", 0, "Takes the fields of that group; its own come first"),
    ("partial", "flag", "", False, True, 0, "A card's longer identifier that begins so is meant, too"),
    ("version", "hex", "2 bytes", False, "0000", 0x9F09, "Application version number"),
    ("kernel", "kernel", "", False, None, 0, "The contactless kernel; without it the application is for contact"),
    ("contactless", "limits", "", False, None, 0, "Limits of a tap: where there is a kernel, and only there"),
    ("transaction_qualifiers", "hex", "4 bytes", False, None, 0x9F66, "TTQ; only kernel 2 does without"),
    ("floor_limit_minor", "amount", "minor units", False, None, 0x9F1B, "Above it a contact payment goes online"),
    ("threshold_minor", "amount", "minor units", False, None, 0, "Random selection: from here on more go online"),
    ("target_percent", "number", "0-99", False, None, 0, "Random selection: how many of the payments go online"),
    ("max_target_percent", "number", "0-99", False, None, 0, "Random selection: how many right below the floor limit"),
    ("tac_denial", "hex", "5 bytes", False, _ZERO, 0xDF8121, "Terminal action code: TVR bits that decline"),
    ("tac_online", "hex", "5 bytes", False, _ZERO, 0xDF8122, "Terminal action code: TVR bits that go online"),
    (
        "tac_default",
        "hex",
        "5 bytes",
        False,
        _ZERO,
        0xDF8120,
        "Terminal action code: TVR bits that decline when offline",
    ),
    ("ddol", "hex", "0-252 bytes", False, "", 0, "Default DDOL, for a card that brings none"),
    ("tdol", "hex", "0-252 bytes", False, None, 0, "Default TDOL; absent: the terminal has none"),
    ("data", "data objects", "hex", False, {}, 0, "Terminal data of these applications alone: tag -> value"),
)

# A group says what many applications share, so not who they are.
GROUP = APPLICATION[3:]

# Each limit is the largest amount still on this side; what each kernel makes of it is the loader's work.
LIMITS = (
    (
        "transaction_limit_minor",
        "amount",
        "minor units",
        False,
        None,
        0xDF8124,
        "The largest amount that may be tapped",
    ),
    (
        "on_device_cvm_limit_minor",
        "amount",
        "minor units",
        False,
        None,
        0xDF8125,
        "The same, verified by a phone (kernel 2)",
    ),
    ("cvm_limit_minor", "amount", "minor units", False, None, 0xDF8126, "The largest amount without PIN"),
    ("floor_limit_minor", "amount", "minor units", False, None, 0xDF8123, "The largest amount that may stay offline"),
    ("status_check", "flag", "", False, False, 0, "One unit of currency asks after the card's status, online"),
    ("zero_amount", "flag", "", False, True, 0, "An amount of zero may be tapped"),
    ("extended_selection", "flag", "", False, False, 0, "The directory's tag 9F29 ends the name that is selected"),
)

# What `data` may set besides: (tag, length, meaning).
DATA = (
    (0x9F01, "6 bytes", "Acquirer Identifier"),
    (0x9F16, "15 bytes", "Merchant Identifier"),
    (0x9F1D, "1-8 bytes", "Terminal Risk Management Data"),
    (0x9F4E, "1-40 bytes", "Merchant Name and Location"),
    (0x9F53, "1 byte", "Transaction Category Code"),
    (0x9F7E, "1 byte", "Kernel 2: Mobile Support Indicator"),
    (0xDF8117, "1 byte", "Kernel 2: Card Data Input Capability, as 9F33 byte 1"),
    (0xDF8118, "1 byte", "Kernel 2: above the limit without PIN, as 9F33 byte 2"),
    (0xDF8119, "1 byte", "Kernel 2: up to the limit without PIN, as 9F33 byte 2"),
    (0xDF811B, "1 byte", "Kernel 2: Kernel Configuration; bit 6 verification by a phone, bit 5 relay resistance"),
    (0xDF811C, "2 bytes", "Kernel 2: how long a torn transaction is kept, in seconds"),
    (0xDF811D, "1 byte", "Kernel 2: how many torn transactions are kept"),
    (0xDF811F, "1 byte", "Kernel 2: Security Capability, as 9F33 byte 3"),
    (0xDF8131, "8-252 bytes", "Kernel 2: Phone Message Table"),
    (0xDF8132, "2 bytes", "Relay resistance: minimum grace period, in 100 us"),
    (0xDF8133, "2 bytes", "Relay resistance: maximum grace period, in 100 us"),
    (0xDF8134, "2 bytes", "Relay resistance: time that the command is under way, in 100 us"),
    (0xDF8135, "2 bytes", "Relay resistance: time that the answer is under way, in 100 us"),
    (0xDF8136, "2 bytes", "Relay resistance: accuracy threshold, in 100 us"),
    (0xDF8137, "1 byte", "Relay resistance: mismatch threshold, in percent"),
)
