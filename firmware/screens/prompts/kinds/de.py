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
cash_back.with_cash=davon {} in bar
"""
