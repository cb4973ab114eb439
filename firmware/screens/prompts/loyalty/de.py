"""German, of the loyalty programme."""

TEXTS = """
loyalty.offer=Werden Sie Mitglied im Treueprogramm
loyalty.offer_advice=Ihre Handynummer genügt.
loyalty.no_thanks=Nein
loyalty.join=Ja
loyalty.mobile=Ihre Handynummer
loyalty.mobile_advice=Aus dem Ausland: 00 und die Landesvorwahl.
loyalty.mobile_wrong=Das ist keine Handynummer.
loyalty.never_pin=Hier nie Ihre Karten-PIN.
loyalty.conditions=Bedingungen
loyalty.refuse=Ablehnen
loyalty.accept=Annehmen
loyalty.full_text=Ganzer Text
loyalty.scan=Auf Ihrem Telefon zu lesen
loyalty.back=Zurück
loyalty.sms=Unsere Angebote per SMS erhalten?
loyalty.sms_advice=Freiwillig. Sie können es sich jederzeit anders überlegen.
loyalty.no=Nein
loyalty.yes=Ja
loyalty.wait=Anmeldung…
loyalty.joined=Willkommen!
loyalty.joined_points=Dieser Einkauf: {} {}
loyalty.joined_advice=Eine SMS bittet Sie um Bestätigung.
loyalty.not_joined=Nicht angemeldet
loyalty.not_now=Bitte beim nächsten Einkauf wieder versuchen.
loyalty.no_answer=Die Kasse hat nicht geantwortet. Kommt eine SMS, sind Sie Mitglied.
loyalty.points=Punkte
loyalty.visits=Besuche
loyalty.stamps=Stempel
"""
