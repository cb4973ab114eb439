"""What can go wrong in loyalty. No error names a number, an address or a birthday.

LoyaltyError
|- Refused             they did wrong, nothing was changed: `code` is a key of words.py
|  |- InvalidNumber      no number that a person can have
|  |- NotMobile          a number that gets no SMS
|  |- WrongCode          not the code that was sent, too late, or tried too often
|  |- NotConfirmed       the number is not confirmed: nothing is spent, nothing is shown (attacks/H-07)
|  |- TooFewPoints       the reward costs more than there is
|  |- NothingToReduce    the law, or what was bought, leaves nothing that the reward may take off
|  |- InvalidProfile     an e-mail address or a birthday that is none
|  `- ProgrammeRefused   a programme that cannot be: `faults` say why
|- NoProgramme         the merchant has none in force
|- UnknownMember       the caller did wrong, or the member is gone
|- UnknownReward       the caller did wrong: the programme in force has no such reward
`- IllegalMove         we did wrong: the table of states does not know the move
"""

from __future__ import annotations

from collections.abc import Sequence


class LoyaltyError(Exception):
    pass


class Refused(LoyaltyError):
    code = "refused"


class InvalidNumber(Refused):
    code = "invalid_number"


class NotMobile(Refused):
    code = "not_a_mobile"


class WrongCode(Refused):
    code = "wrong_code"


class NotConfirmed(Refused):
    code = "not_confirmed"


class TooFewPoints(Refused):
    code = "too_few_points"


class NothingToReduce(Refused):
    code = "nothing_to_reduce"


class InvalidProfile(Refused):
    code = "invalid_profile"


class ProgrammeRefused(Refused):
    code = "programme_refused"

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(", ".join(faults))
        self.faults = tuple(faults)  # fault_... of programme_words.py


class NoProgramme(LoyaltyError):
    pass


class UnknownMember(LoyaltyError):
    pass


class UnknownReward(LoyaltyError):
    pass


class IllegalMove(LoyaltyError):
    pass
