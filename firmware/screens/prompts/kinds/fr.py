"""French, of transactions that are no plain purchase."""

TEXTS = """
refund.to_pay=À rembourser
refund.approved=Remboursement accepté
refund.declined=Remboursement refusé
refund.cancelled=Remboursement annulé
refund.not_completed=Remboursement non abouti
refund.nothing_debited=Aucun remboursement
cancellation.to_pay=À annuler
cancellation.approved=Annulation acceptée
cancellation.declined=Annulation refusée
cancellation.cancelled=Annulation abandonnée
cancellation.not_completed=Annulation non aboutie
cancellation.nothing_debited=Le paiement reste valable
verification.to_pay=Vérification de carte
verification.approved=Carte vérifiée
verification.declined=Carte refusée
verification.cancelled=Vérification annulée
verification.not_completed=Vérification non aboutie
preauthorisation.to_pay=À réserver
preauthorisation.approved=Réservation acceptée
preauthorisation.declined=Réservation refusée
preauthorisation.cancelled=Réservation annulée
preauthorisation.not_completed=Réservation non aboutie
cash_back.with_cash=dont {} en espèces
signature.to_pay=À signer
signature.sign_advice=Vérifiez ces chiffres. Rien ne sera débité.
signature.response=Votre réponse
signature.response_advice=À recopier là où elle vous est demandée.
signature.enter_pin=Votre code, pour signer
signature.declined=Signature refusée
signature.cancelled=Signature annulée
signature.not_completed=Signature non aboutie
signature.because_card=Votre carte n'a pas signé.
"""
