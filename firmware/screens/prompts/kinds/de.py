"""German, of transactions that are no plain purchase."""

TEXTS = """
refund.to_pay=Zu erstatten
refund.approved=Erstattung genehmigt
refund.declined=Erstattung abgelehnt
refund.cancelled=Erstattung abgebrochen
refund.not_completed=Erstattung nicht erfolgt
refund.nothing_debited=Keine Erstattung
cancellation.to_pay=Zu stornieren
cancellation.approved=Storno genehmigt
cancellation.declined=Storno abgelehnt
cancellation.cancelled=Storno abgebrochen
cancellation.not_completed=Storno nicht erfolgt
cancellation.nothing_debited=Die Zahlung bleibt gültig
verification.to_pay=Kartenprüfung
verification.approved=Karte geprüft
verification.declined=Karte abgelehnt
verification.cancelled=Prüfung abgebrochen
verification.not_completed=Prüfung nicht erfolgt
preauthorisation.to_pay=Zu reservieren
preauthorisation.approved=Reservierung genehmigt
preauthorisation.declined=Reservierung abgelehnt
preauthorisation.cancelled=Reservierung storniert
preauthorisation.not_completed=Reservierung nicht erfolgt
cash_back.with_cash=davon {} in bar
signature.to_pay=Zu signieren
signature.sign_advice=Prüfen Sie diese Ziffern. Es wird nichts belastet.
signature.response=Ihre Antwort
signature.response_advice=Geben Sie sie dort ein, wo danach gefragt wird.
signature.enter_pin=Ihre PIN zum Signieren
signature.declined=Signatur abgelehnt
signature.cancelled=Signatur abgebrochen
signature.not_completed=Signatur nicht erfolgt
signature.because_card=Ihre Karte hat nicht signiert.
"""
