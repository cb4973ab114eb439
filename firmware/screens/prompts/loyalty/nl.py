"""Dutch, of the loyalty programme."""

TEXTS = """
loyalty.offer=Word lid van ons klantenprogramma
loyalty.offer_advice=Uw mobiele nummer volstaat.
loyalty.no_thanks=Nee
loyalty.join=Ja
loyalty.mobile=Uw mobiele nummer
loyalty.mobile_advice=Buitenlands nummer: 00 en de landcode.
loyalty.mobile_wrong=Dit is geen mobiel nummer.
loyalty.never_pin=Nooit uw pincode hier.
loyalty.conditions=Voorwaarden
loyalty.refuse=Weigeren
loyalty.accept=Akkoord
loyalty.full_text=Volledige tekst
loyalty.scan=Lees het op uw telefoon
loyalty.back=Terug
loyalty.sms=Onze aanbiedingen per sms ontvangen?
loyalty.sms_advice=Niet verplicht. U kunt altijd van gedachten veranderen.
loyalty.no=Nee
loyalty.yes=Ja
loyalty.wait=Inschrijving…
loyalty.joined=Welkom!
loyalty.joined_points=Deze aankoop: {} {}
loyalty.joined_advice=Een sms zal u vragen te bevestigen.
loyalty.not_joined=Niet ingeschreven
loyalty.not_now=Probeer het bij uw volgende aankoop.
loyalty.no_answer=De kassa antwoordde niet. Komt er een sms, dan bent u lid.
loyalty.points=punten
loyalty.visits=bezoeken
loyalty.stamps=stempels
"""
