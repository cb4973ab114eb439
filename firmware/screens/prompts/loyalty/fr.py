"""French, of the loyalty programme."""

TEXTS = """
loyalty.offer=Rejoignez notre programme de fidélité
loyalty.offer_advice=Il suffit de votre numéro de mobile.
loyalty.no_thanks=Non merci
loyalty.join=Oui
loyalty.mobile=Votre numéro de mobile
loyalty.mobile_advice=Numéro étranger : 00 et l’indicatif du pays.
loyalty.mobile_wrong=Ce n’est pas un numéro de mobile.
loyalty.never_pin=Jamais votre code de carte ici.
loyalty.conditions=Conditions
loyalty.refuse=Refuser
loyalty.accept=Accepter
loyalty.full_text=Texte complet
loyalty.scan=À lire sur votre téléphone
loyalty.back=Retour
loyalty.sms=Recevoir nos offres par SMS ?
loyalty.sms_advice=Facultatif. Vous pourrez changer d’avis à tout moment.
loyalty.no=Non
loyalty.yes=Oui
loyalty.wait=Inscription…
loyalty.joined=Bienvenue !
loyalty.joined_points=Cet achat : {} {}
loyalty.joined_advice=Un SMS va vous demander de confirmer.
loyalty.not_joined=Inscription non aboutie
loyalty.not_now=Réessayez à votre prochain achat.
loyalty.no_answer=La caisse n’a pas répondu. Si un SMS arrive, vous êtes inscrit.
loyalty.points=points
loyalty.visits=visites
loyalty.stamps=tampons
"""
