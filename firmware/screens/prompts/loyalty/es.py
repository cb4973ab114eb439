"""Spanish, of the loyalty programme."""

TEXTS = """
loyalty.offer=Únase a nuestro programa de fidelidad
loyalty.offer_advice=Basta con su número de móvil.
loyalty.no_thanks=No
loyalty.join=Sí
loyalty.mobile=Su número de móvil
loyalty.mobile_advice=Número extranjero: 00 y el prefijo del país.
loyalty.mobile_wrong=No es un número de móvil.
loyalty.never_pin=Nunca el PIN de su tarjeta aquí.
loyalty.conditions=Condiciones
loyalty.refuse=Rechazar
loyalty.accept=Aceptar
loyalty.full_text=Texto completo
loyalty.scan=Léalo en su teléfono
loyalty.back=Volver
loyalty.sms=¿Recibir nuestras ofertas por SMS?
loyalty.sms_advice=Opcional. Podrá cambiar de opinión en todo momento.
loyalty.no=No
loyalty.yes=Sí
loyalty.wait=Inscripción…
loyalty.joined=¡Bienvenido!
loyalty.joined_points=Esta compra: {} {}
loyalty.joined_advice=Un SMS le pedirá que confirme.
loyalty.not_joined=Inscripción no completada
loyalty.not_now=Inténtelo en su próxima compra.
loyalty.no_answer=La caja no respondió. Si llega un SMS, ya es miembro.
loyalty.points=puntos
loyalty.visits=visitas
loyalty.stamps=sellos
"""
