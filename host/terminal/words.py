"""What the merchant reads, in plain words: for each error code, each `why` of a result and each phase.

French, English, Dutch. One sentence says what happened, a second what to do, when there is something to do.
"""

from __future__ import annotations

LANGUAGES = ("fr", "en", "nl")

# of errors.py, and the error codes of the schema
ERRORS = {
    "no_reader": (
        "Aucun lecteur trouvé. Vérifiez qu'il est allumé et à portée.",
        "No reader found. Check that it is on and within reach.",
        "Geen lezer gevonden. Controleer of hij aan staat en in de buurt is.",
    ),
    "another_reader": (
        "Un autre lecteur répond, qui ne sait rien de ce paiement. Reconnectez le premier.",
        "Another reader answers, which knows nothing of this payment. Connect the first one again.",
        "Een andere lezer antwoordt, die niets van deze betaling weet. Sluit de eerste weer aan.",
    ),
    "link_lost": (
        "La liaison avec le lecteur est coupée.",
        "The link with the reader is cut.",
        "De verbinding met de lezer is verbroken.",
    ),
    "reader_timeout": (
        "Le lecteur ne répond pas.",
        "The reader does not answer.",
        "De lezer antwoordt niet.",
    ),
    "reader_broken": (
        "Le lecteur a répondu de façon incompréhensible. Redémarrez-le.",
        "The reader's answer made no sense. Restart it.",
        "Het antwoord van de lezer was onbegrijpelijk. Start hem opnieuw op.",
    ),
    "payment_unknown": (
        "On ne sait pas encore si le paiement a abouti. N'encaissez pas une seconde fois : le lecteur sera interrogé.",
        "It is not known yet whether the payment succeeded. Do not charge again: the reader will be asked.",
        "Het is nog niet bekend of de betaling gelukt is. Reken niet opnieuw af: de lezer wordt nog bevraagd.",
    ),
    "challenge_malformed": (
        "Le nombre à signer n'est pas fait de 1 à 8 chiffres.",
        "What is to be signed is not 1 to 8 digits.",
        "Wat getekend moet worden bestaat niet uit 1 tot 8 cijfers.",
    ),
    "unknown_message": (
        "Le lecteur ne connaît pas cette demande. Mettez-le à jour.",
        "The reader does not know this request. Update it.",
        "De lezer kent deze vraag niet. Werk hem bij.",
    ),
    "bad_message": (
        "Le lecteur n'a pas compris la demande. Réessayez.",
        "The reader did not understand the request. Try again.",
        "De lezer begreep de vraag niet. Probeer opnieuw.",
    ),
    "message_too_large": (
        "La demande est trop longue pour le lecteur.",
        "The request is too long for the reader.",
        "De vraag is te lang voor de lezer.",
    ),
    "wrong_version": (
        "La caisse et le lecteur n'ont pas de version en commun. Mettez-les à jour.",
        "The till and the reader have no version in common. Update them.",
        "De kassa en de lezer hebben geen gemeenschappelijke versie. Werk ze bij.",
    ),
    "out_of_order": (
        "Le lecteur n'attendait pas cette demande maintenant. Réessayez.",
        "The reader did not expect this request now. Try again.",
        "De lezer verwachtte deze vraag nu niet. Probeer opnieuw.",
    ),
    "busy": (
        "Le lecteur est occupé par un autre paiement. Terminez-le ou annulez-le d'abord.",
        "The reader is busy with another payment. Finish or cancel that one first.",
        "De lezer is bezig met een andere betaling. Rond die eerst af of annuleer ze.",
    ),
    "amount_zero": (
        "Un montant de zéro ne peut pas être encaissé.",
        "An amount of zero cannot be charged.",
        "Een bedrag van nul kan niet worden afgerekend.",
    ),
    "amount_above_limit": (
        "Le montant dépasse la limite du lecteur.",
        "The amount is above the reader's limit.",
        "Het bedrag ligt boven de limiet van de lezer.",
    ),
    "wrong_currency": (
        "Le lecteur n'accepte pas cette devise.",
        "The reader does not accept this currency.",
        "De lezer aanvaardt deze munt niet.",
    ),
    "unknown_transaction": (
        "Le lecteur ne connaît pas ce paiement.",
        "The reader does not know this payment.",
        "De lezer kent deze betaling niet.",
    ),
    "reader_fault": (
        "Le lecteur a eu un défaut. Redémarrez-le.",
        "The reader had a fault. Restart it.",
        "De lezer had een storing. Start hem opnieuw op.",
    ),
    "journal_full": (
        "La mémoire du lecteur est pleine. Faites la télécollecte, puis recommencez.",
        "The reader's memory is full. Collect the day's payments, then start again.",
        "Het geheugen van de lezer is vol. Verzamel de betalingen van de dag en begin opnieuw.",
    ),
    "day_closed": (
        "La journée est déjà close : ce paiement ne s'annule plus. Remboursez-le.",
        "The day is closed already: this payment can no longer be cancelled. Refund it.",
        "De dag is al afgesloten: deze betaling kan niet meer worden geannuleerd. Betaal ze terug.",
    ),
    "not_approved": (
        "Ce paiement n'a pas été accepté : il n'y a rien à annuler.",
        "This payment was not approved: there is nothing to cancel.",
        "Deze betaling is niet aanvaard: er is niets te annuleren.",
    ),
    "preauthorisation_expired": (
        "La préautorisation a expiré. Demandez un nouveau paiement.",
        "The pre-authorisation has expired. Ask for a new payment.",
        "De voorautorisatie is vervallen. Vraag een nieuwe betaling.",
    ),
    "wrong_seal": (
        "Le lecteur n'a pas cette journée. La télécollecte sera refaite.",
        "The reader does not have this day. It will be collected again.",
        "De lezer heeft deze dag niet. Ze wordt opnieuw verzameld.",
    ),
    "bad_signature": (
        "Les paramètres reçus ne sont pas ceux de l'acquéreur. Le lecteur garde les siens.",
        "The parameters are not the acquirer's. The reader keeps its own.",
        "De parameters zijn niet die van de acquirer. De lezer houdt de zijne.",
    ),
    "old_version": (
        "Les paramètres reçus sont plus anciens que ceux du lecteur, qui les garde.",
        "The parameters are older than the reader's, which it keeps.",
        "De parameters zijn ouder dan die van de lezer, die ze houdt.",
    ),
    "not_allowed": (
        "Votre contrat ne permet pas cette opération.",
        "Your contract does not allow this.",
        "Uw contract staat dit niet toe.",
    ),
    "offline_limit": (
        "La limite des paiements sans appel à la banque est atteinte. Rétablissez la connexion.",
        "The limit of payments without asking the bank is reached. Restore the connection.",
        "De limiet van betalingen zonder de bank is bereikt. Herstel de verbinding.",
    ),
}

# of firmware/flows/reasons.py
REASONS = {
    "approved_online": ("Paiement accepté.", "Payment approved.", "Betaling aanvaard."),
    "approved_offline": (
        "Paiement accepté sans appel à la banque.",
        "Payment approved without asking the bank.",
        "Betaling aanvaard zonder de bank te bevragen.",
    ),
    "completed": (
        "Préautorisation encaissée au montant final.",
        "Pre-authorisation charged at the final amount.",
        "Voorautorisatie afgerekend voor het eindbedrag.",
    ),
    "voided_by_merchant": (
        "Paiement annulé par le commerçant. Rien n'est encaissé.",
        "Payment cancelled by the merchant. Nothing is charged.",
        "Betaling geannuleerd door de handelaar. Er is niets afgerekend.",
    ),
    "declined_by_issuer": (
        "La banque du client refuse le paiement.",
        "The customer's bank refuses the payment.",
        "De bank van de klant weigert de betaling.",
    ),
    "insufficient_funds": (
        "Provision insuffisante. Proposez un autre moyen de paiement.",
        "Insufficient funds. Offer another means of payment.",
        "Onvoldoende saldo. Stel een ander betaalmiddel voor.",
    ),
    "card_expired": ("La carte est expirée.", "The card has expired.", "De kaart is vervallen."),
    "pin_wrong": ("Le code est faux.", "The PIN is wrong.", "De pincode is fout."),
    "pin_blocked": (
        "Le code est bloqué. Le client doit voir sa banque.",
        "The PIN is blocked. The customer has to see the bank.",
        "De pincode is geblokkeerd. De klant moet naar zijn bank.",
    ),
    "chip_and_pin_required": (
        "La banque veut la puce et le code. Recommencez en insérant la carte.",
        "The bank wants chip and PIN. Start again with the card inserted.",
        "De bank wil chip en pincode. Begin opnieuw met de kaart in de lezer.",
    ),
    "declined_by_card": (
        "La carte refuse le paiement.",
        "The card refuses the payment.",
        "De kaart weigert de betaling.",
    ),
    "card_not_genuine": (
        "La carte n'a pas pu prouver qu'elle est authentique.",
        "The card could not prove that it is genuine.",
        "De kaart kon niet bewijzen dat ze echt is.",
    ),
    "card_not_accepted": (
        "Cette carte n'est pas acceptée ici.",
        "This card is not accepted here.",
        "Deze kaart wordt hier niet aanvaard.",
    ),
    "card_unreadable": (
        "La carte n'est pas lisible. Réessayez ou prenez une autre carte.",
        "The card cannot be read. Try again or take another card.",
        "De kaart is niet leesbaar. Probeer opnieuw of neem een andere kaart.",
    ),
    "no_answer": (
        "La banque n'a pas répondu. Rien n'est encaissé ; réessayez.",
        "The bank did not answer. Nothing is charged; try again.",
        "De bank heeft niet geantwoord. Er is niets afgerekend; probeer opnieuw.",
    ),
    "answer_not_authentic": (
        "La réponse de la banque n'était pas authentique. Rien n'est encaissé.",
        "The bank's answer was not authentic. Nothing is charged.",
        "Het antwoord van de bank was niet echt. Er is niets afgerekend.",
    ),
    "card_removed": (
        "La carte a été retirée trop tôt. Recommencez.",
        "The card was removed too early. Start again.",
        "De kaart is te vroeg weggenomen. Begin opnieuw.",
    ),
    "card_silent": (
        "La carte n'a plus répondu. Recommencez.",
        "The card stopped answering. Start again.",
        "De kaart antwoordde niet meer. Begin opnieuw.",
    ),
    "card_declined_reversal_owed": (
        "La banque acceptait, la carte a refusé. Rien n'est encaissé ; la réservation sera levée.",
        "The bank approved, the card refused. Nothing is charged; the hold will be released.",
        "De bank aanvaardde, de kaart weigerde. Er is niets afgerekend; de reservering wordt opgeheven.",
    ),
    "card_removed_reversal_owed": (
        "La carte a été retirée trop tôt. Rien n'est encaissé ; la réservation sera levée.",
        "The card was removed too early. Nothing is charged; the hold will be released.",
        "De kaart is te vroeg weggenomen. Er is niets afgerekend; de reservering wordt opgeheven.",
    ),
    "reader_fault_reversal_owed": (
        "Le lecteur a eu un défaut. Rien n'est encaissé ; la réservation sera levée.",
        "The reader had a fault. Nothing is charged; the hold will be released.",
        "De lezer had een storing. Er is niets afgerekend; de reservering wordt opgeheven.",
    ),
    "signature_refused": (
        "La signature n'a pas été reconnue. Rien n'est encaissé.",
        "The signature was not accepted. Nothing is charged.",
        "De handtekening is niet aanvaard. Er is niets afgerekend.",
    ),
    "signature_refused_reversal_owed": (
        "La signature n'a pas été reconnue. Rien n'est encaissé ; la réservation sera levée.",
        "The signature was not accepted. Nothing is charged; the hold will be released.",
        "De handtekening is niet aanvaard. Er is niets afgerekend; de reservering wordt opgeheven.",
    ),
    "partial_refused_reversal_owed": (
        "Le montant partiel n'a pas été accepté. Rien n'est encaissé ; la réservation sera levée.",
        "The partial amount was not accepted. Nothing is charged; the hold will be released.",
        "Het gedeeltelijke bedrag is niet aanvaard. Er is niets afgerekend; de reservering wordt opgeheven.",
    ),
    "offline_not_allowed": (
        "La banque n'a pas pu être appelée, et le paiement doit l'être. Réessayez.",
        "The bank could not be asked, and has to be for this payment. Try again.",
        "De bank kon niet worden bevraagd, en dat moet voor deze betaling. Probeer opnieuw.",
    ),
    "merchant_code_wrong": (
        "Le code du commerçant est faux. Rien n'est remboursé.",
        "The merchant's code is wrong. Nothing is refunded.",
        "De code van de handelaar is fout. Er is niets terugbetaald.",
    ),
    "merchant_code_locked": (
        "Trop de codes du commerçant faux. Réessayez plus tard.",
        "Too many wrong merchant's codes. Try again later.",
        "Te veel foute codes van de handelaar. Probeer later opnieuw.",
    ),
    "cardholder_cancelled": ("Le client a annulé.", "The customer cancelled.", "De klant heeft geannuleerd."),
    "merchant_cancelled": (
        "Annulé depuis la caisse.",
        "Cancelled from the till.",
        "Geannuleerd aan de kassa.",
    ),
    "host_gone": (
        "La caisse n'était plus joignable. Rien n'est encaissé.",
        "The till could not be reached. Nothing is charged.",
        "De kassa was niet bereikbaar. Er is niets afgerekend.",
    ),
    "card_timeout": (
        "Aucune carte présentée à temps.",
        "No card was presented in time.",
        "Er is niet op tijd een kaart aangeboden.",
    ),
    "card_not_removed": (
        "La carte du paiement précédent n'a pas été retirée. Retirez-la et recommencez.",
        "The card of the payment before was not removed. Remove it and start again.",
        "De kaart van de vorige betaling is niet weggenomen. Neem ze weg en begin opnieuw.",
    ),
    "pin_timeout": (
        "Le code n'a pas été saisi à temps.",
        "The PIN was not entered in time.",
        "De pincode is niet op tijd ingegeven.",
    ),
    "choice_timeout": (
        "Le client n'a pas choisi d'application à temps.",
        "The customer did not choose an application in time.",
        "De klant heeft niet op tijd een toepassing gekozen.",
    ),
    "too_many_pins": (
        "Trop de codes saisis en peu de temps sur ce lecteur. Réessayez dans une minute.",
        "Too many PINs entered on this reader in a short time. Try again in a minute.",
        "Te veel pincodes in korte tijd op deze lezer. Probeer over een minuut opnieuw.",
    ),
    "interrupted_before_online": (
        "Le lecteur s'est arrêté avant l'appel à la banque. Rien n'est encaissé.",
        "The reader stopped before the bank was asked. Nothing is charged.",
        "De lezer viel stil voor de bank bevraagd werd. Er is niets afgerekend.",
    ),
    "interrupted_while_online": (
        "Le lecteur s'est arrêté pendant l'appel à la banque. Rien n'est encaissé ; la réservation sera levée.",
        "The reader stopped while the bank was asked. Nothing is charged; the hold will be released.",
        "De lezer viel stil terwijl de bank bevraagd werd. Er is niets afgerekend; de reservering wordt opgeheven.",
    ),
    "result_not_kept": (
        "Le lecteur n'a pas pu garder le résultat. Le paiement est à vérifier avant d'encaisser à nouveau.",
        "The reader could not keep the result. Check the payment before charging again.",
        "De lezer kon het resultaat niet bewaren. Controleer de betaling voor u opnieuw afrekent.",
    ),
    "keys_missing": (
        "Le lecteur n'a pas ses clés. Il doit être préparé.",
        "The reader has no keys. It has to be prepared.",
        "De lezer heeft geen sleutels. Hij moet worden voorbereid.",
    ),
    "keys_exhausted": (
        "Les clés du lecteur sont épuisées. Il doit être préparé à nouveau.",
        "The reader's keys are used up. It has to be prepared again.",
        "De sleutels van de lezer zijn opgebruikt. Hij moet opnieuw worden voorbereid.",
    ),
    "storage_full": (
        "La mémoire du lecteur est pleine. Rien n'est encaissé.",
        "The reader's memory is full. Nothing is charged.",
        "Het geheugen van de lezer is vol. Er is niets afgerekend.",
    ),
    "reader_fault": ERRORS["reader_fault"],
    "card_signed": ("La carte a signé.", "The card has signed.", "De kaart heeft getekend."),
}

# of host/payment/model.py: what the till found out by itself
FINDINGS = {
    "never_began": (
        "Le paiement n'a pas commencé, rien n'est encaissé. Recommencez.",
        "The payment never began, nothing is charged. Start again.",
        "De betaling is nooit begonnen, er is niets afgerekend. Begin opnieuw.",
    ),
    "still_in_progress": (
        "Le lecteur n'a pas encore terminé ce paiement. Redemandez-lui dans un instant.",
        "The reader has not finished this payment yet. Ask it again in a moment.",
        "De lezer is nog niet klaar met deze betaling. Vraag het hem zo dadelijk opnieuw.",
    ),
    "forgotten_by_the_reader": (
        "Le lecteur ne retrouve plus ce paiement. Voyez avec la banque avant d'encaisser à nouveau.",
        "The reader no longer knows this payment. Check with the bank before charging again.",
        "De lezer kent deze betaling niet meer. Vraag het de bank voor u opnieuw afrekent.",
    ),
    "result_of_another_payment": (
        "Le lecteur a répondu pour un autre paiement. Voyez avec la banque avant d'encaisser à nouveau.",
        "The reader's answer is about another payment. Check with the bank before charging again.",
        "Het antwoord van de lezer gaat over een andere betaling. Vraag het de bank voor u opnieuw afrekent.",
    ),
    "id_of_another_payment": (
        "Le lecteur a donné le numéro d'un autre paiement. Voyez avec la banque avant d'encaisser à nouveau.",
        "The reader gave the number of another payment. Check with the bank before charging again.",
        "De lezer gaf het nummer van een andere betaling. Vraag het de bank voor u opnieuw afrekent.",
    ),
    "approved_against_the_issuer": (
        "Le lecteur a accepté ce que la banque a refusé. Voyez avec la banque avant d'encaisser à nouveau.",
        "The reader approved what the bank refused. Check with the bank before charging again.",
        "De lezer aanvaardde wat de bank weigerde. Vraag het de bank voor u opnieuw afrekent.",
    ),
    "given_up": (
        "Préautorisation abandonnée. Rien n'est encaissé ; la réservation sera levée.",
        "Pre-authorisation given up. Nothing is charged; the hold will be released.",
        "Voorautorisatie opgegeven. Er is niets afgerekend; de reservering wordt opgeheven.",
    ),
    "expired": (
        "La préautorisation a expiré. Rien n'est encaissé ; la réservation sera levée.",
        "The pre-authorisation has expired. Nothing is charged; the hold will be released.",
        "De voorautorisatie is vervallen. Er is niets afgerekend; de reservering wordt opgeheven.",
    ),
    "written_off": (
        "Classé sans paiement : le lecteur ne reviendra pas. Ce qui est réservé sera levé.",
        "Closed as not paid: the reader will not come back. What is held will be released.",
        "Afgesloten als niet betaald: de lezer komt niet terug. De reservering wordt opgeheven.",
    ),
}

# of host/payment/errors.py: what the till refuses by itself
REFUSALS = {
    "refund_beyond": (
        "Le remboursement dépasse ce qui reste de la vente.",
        "The refund exceeds what is left of the sale.",
        "De terugbetaling is hoger dan wat van de verkoop overblijft.",
    ),
    "not_voidable": (
        "Ce paiement ne s'annule pas. S'il est encaissé, remboursez-le.",
        "This payment cannot be cancelled. If it was charged, refund it.",
        "Deze betaling kan niet worden geannuleerd. Is ze afgerekend, betaal ze dan terug.",
    ),
}

# of the schema
PHASES = {
    "accepted": ("Le client présente sa carte", "The customer presents the card", "De klant biedt zijn kaart aan"),
    "card_presented": ("Carte en lecture", "Reading the card", "De kaart wordt gelezen"),
    "pin_entry": ("Le client saisit son code", "The customer enters the PIN", "De klant geeft zijn pincode in"),
    "going_online": ("Appel à la banque", "Asking the bank", "De bank wordt bevraagd"),
    "remove_card": ("Le client retire sa carte", "The customer removes the card", "De klant neemt zijn kaart weg"),
}
CONFIRMATION = {  # a phase of the host's own: a question of the reader waits for the merchant
    "confirmation": ("Le commerçant confirme", "The merchant confirms", "De handelaar bevestigt"),
}

WORDS = ERRORS | REASONS | FINDINGS | REFUSALS | PHASES | CONFIRMATION

UNNAMED = (
    "Une erreur sans nom s'est produite. Vérifiez le paiement avant d'encaisser à nouveau.",
    "An error without a name occurred. Check the payment before charging again.",
    "Er is een fout zonder naam opgetreden. Controleer de betaling voor u opnieuw afrekent.",
)


def words(name: str, language: str) -> str:
    """For an error code, a `why` or a phase; a name from a newer reader gets a cautious sentence.

    Raises ValueError for a language that is none of LANGUAGES.
    """
    return WORDS.get(name, UNNAMED)[LANGUAGES.index(language)]
