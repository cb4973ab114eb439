"""Spanish, of transactions that are no plain purchase."""

TEXTS = """
refund.to_pay=A devolver
refund.approved=Devolución aceptada
refund.declined=Devolución rechazada
refund.cancelled=Devolución anulada
refund.not_completed=Devolución no completada
refund.nothing_debited=Sin devolución
cancellation.to_pay=A anular
cancellation.approved=Anulación aceptada
cancellation.declined=Anulación rechazada
cancellation.cancelled=Anulación abandonada
cancellation.not_completed=Anulación no completada
cancellation.nothing_debited=El pago sigue siendo válido
verification.to_pay=Verificación de tarjeta
verification.approved=Tarjeta verificada
verification.declined=Tarjeta rechazada
verification.cancelled=Verificación anulada
verification.not_completed=Verificación no completada
preauthorisation.to_pay=Importe a reservar
preauthorisation.approved=Reserva aceptada
preauthorisation.declined=Reserva denegada
preauthorisation.cancelled=Reserva anulada
preauthorisation.not_completed=Reserva no realizada
cash_back.with_cash=de ellos {} en efectivo
signature.to_pay=A firmar
signature.sign_advice=Compruebe estas cifras. No se cobrará nada.
signature.response=Su respuesta
signature.response_advice=Cópiela donde se la pidan.
signature.enter_pin=Su PIN, para firmar
signature.declined=Firma rechazada
signature.cancelled=Firma anulada
signature.not_completed=Firma no completada
signature.because_card=Su tarjeta no ha firmado.
"""
