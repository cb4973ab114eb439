"""Italian, of the loyalty programme."""

TEXTS = """
loyalty.offer=Si iscriva al nostro programma fedeltà
loyalty.offer_advice=Basta il suo numero di cellulare.
loyalty.no_thanks=No
loyalty.join=Sì
loyalty.mobile=Il suo numero di cellulare
loyalty.mobile_advice=Numero estero: 00 e il prefisso del Paese.
loyalty.mobile_wrong=Non è un numero di cellulare.
loyalty.never_pin=Mai il PIN della carta qui.
loyalty.conditions=Condizioni
loyalty.refuse=Rifiuta
loyalty.accept=Accetta
loyalty.full_text=Testo completo
loyalty.scan=Da leggere sul telefono
loyalty.back=Indietro
loyalty.sms=Ricevere le nostre offerte via SMS?
loyalty.sms_advice=Facoltativo. Può cambiare idea in ogni momento.
loyalty.no=No
loyalty.yes=Sì
loyalty.wait=Iscrizione…
loyalty.joined=Benvenuto!
loyalty.joined_points=Questo acquisto: {} {}
loyalty.joined_advice=Un SMS le chiederà di confermare.
loyalty.not_joined=Iscrizione non riuscita
loyalty.not_now=Riprovi al prossimo acquisto.
loyalty.no_answer=La cassa non ha risposto. Se arriva un SMS, è iscritto.
loyalty.points=punti
loyalty.visits=visite
loyalty.stamps=timbri
"""
