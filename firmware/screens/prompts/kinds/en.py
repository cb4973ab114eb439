"""English, of transactions that are no plain purchase."""

TEXTS = """
refund.to_pay=To refund
refund.approved=Refund approved
refund.declined=Refund declined
refund.cancelled=Refund cancelled
refund.not_completed=Refund not completed
refund.nothing_debited=Nothing refunded
cancellation.to_pay=To cancel
cancellation.approved=Cancellation approved
cancellation.declined=Cancellation declined
cancellation.cancelled=Cancellation given up
cancellation.not_completed=Cancellation not completed
cancellation.nothing_debited=The payment stands
verification.to_pay=Card check
verification.approved=Card checked
verification.declined=Card refused
verification.cancelled=Check cancelled
verification.not_completed=Check not completed
preauthorisation.to_pay=To reserve
preauthorisation.approved=Reservation approved
preauthorisation.declined=Reservation declined
preauthorisation.cancelled=Reservation cancelled
preauthorisation.not_completed=Reservation not completed
cash_back.with_cash={} of it in cash
signature.to_pay=To sign
signature.sign_advice=Check these digits. Nothing will be charged.
signature.response=Your response
signature.response_advice=Copy it to where you are asked for it.
signature.enter_pin=Your PIN, to sign
signature.declined=Signature refused
signature.cancelled=Signature cancelled
signature.not_completed=Signature not completed
signature.because_card=Your card did not sign.
"""
