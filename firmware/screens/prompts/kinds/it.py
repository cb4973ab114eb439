"""Italian, of transactions that are no plain purchase."""

TEXTS = """
refund.to_pay=Da rimborsare
refund.approved=Rimborso accettato
refund.declined=Rimborso rifiutato
refund.cancelled=Rimborso annullato
refund.not_completed=Rimborso non riuscito
refund.nothing_debited=Nessun rimborso
cancellation.to_pay=Da stornare
cancellation.approved=Storno accettato
cancellation.declined=Storno rifiutato
cancellation.cancelled=Storno interrotto
cancellation.not_completed=Storno non riuscito
cancellation.nothing_debited=Il pagamento resta valido
verification.to_pay=Verifica della carta
verification.approved=Carta verificata
verification.declined=Carta rifiutata
verification.cancelled=Verifica annullata
verification.not_completed=Verifica non riuscita
preauthorisation.to_pay=Da bloccare
preauthorisation.approved=Preautorizzazione accettata
preauthorisation.declined=Preautorizzazione rifiutata
preauthorisation.cancelled=Preautorizzazione annullata
preauthorisation.not_completed=Preautorizzazione non riuscita
cash_back.with_cash=di cui {} in contanti
signature.to_pay=Da firmare
signature.sign_advice=Verifichi queste cifre. Non sarà addebitato nulla.
signature.response=La Sua risposta
signature.response_advice=La copi dove Le viene chiesta.
signature.enter_pin=Il Suo PIN, per firmare
signature.declined=Firma rifiutata
signature.cancelled=Firma annullata
signature.not_completed=Firma non riuscita
signature.because_card=La Sua carta non ha firmato.
"""
