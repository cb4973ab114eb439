"""Dutch, of transactions that are no plain purchase."""

TEXTS = """
refund.to_pay=Terugbetaling
refund.approved=Terugbetaling aanvaard
refund.declined=Terugbetaling geweigerd
refund.cancelled=Terugbetaling geannuleerd
refund.not_completed=Terugbetaling niet voltooid
refund.nothing_debited=Niets terugbetaald
cancellation.to_pay=Te annuleren
cancellation.approved=Annulering aanvaard
cancellation.declined=Annulering geweigerd
cancellation.cancelled=Annulering gestopt
cancellation.not_completed=Annulering niet voltooid
cancellation.nothing_debited=De betaling blijft geldig
verification.to_pay=Kaartcontrole
verification.approved=Kaart gecontroleerd
verification.declined=Kaart geweigerd
verification.cancelled=Controle geannuleerd
verification.not_completed=Controle niet voltooid
preauthorisation.to_pay=Te reserveren
preauthorisation.approved=Reservering goedgekeurd
preauthorisation.declined=Reservering geweigerd
preauthorisation.cancelled=Reservering geannuleerd
preauthorisation.not_completed=Reservering niet voltooid
cash_back.with_cash=waarvan {} in contanten
signature.to_pay=Te tekenen
signature.sign_advice=Controleer deze cijfers. U betaalt niets.
signature.response=Uw antwoord
signature.response_advice=Neem het over waar ernaar gevraagd wordt.
signature.enter_pin=Pincode om te tekenen
signature.declined=Handtekening geweigerd
signature.cancelled=Handtekening geannuleerd
signature.not_completed=Handtekening niet voltooid
signature.because_card=Uw kaart heeft niet getekend.
"""
