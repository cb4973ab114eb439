"""What can go wrong with messages. No error names a number, an address or a text.

MessagingError
|- IllegalMove         we did wrong: states.py does not lead there
|- ValueMissing        we did wrong: a template's gap has no value, or there is no such gap
|- UnknownCampaign     we did wrong: there is no such campaign
|- InvalidGatewayFile  we did wrong: the gateway's description cannot be used
|- NotTaken            they did wrong: the gateway certainly does not have it; worth another try
|- Refused             they did wrong: the gateway certainly does not send it
`- NoAnswer            they did wrong: the gateway may have it
"""

from __future__ import annotations


class MessagingError(Exception):
    pass


class IllegalMove(MessagingError):
    pass


class ValueMissing(MessagingError):
    pass


class UnknownCampaign(MessagingError):
    pass


class InvalidGatewayFile(MessagingError):
    pass


class NotTaken(MessagingError):
    pass


class Refused(MessagingError):
    pass


class NoAnswer(MessagingError):
    pass
