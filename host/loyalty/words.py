"""What members and merchants are told of a refusal, by its code (errors.py): French, English, Dutch."""

from __future__ import annotations

from host.web.words import Texts

REFUSALS: dict[str, Texts] = {
    "invalid_number": (
        "Ce n’est pas un numéro de téléphone.",
        "This is no telephone number.",
        "Dit is geen telefoonnummer.",
    ),
    "not_a_mobile": (
        "Il faut un numéro de mobile, qui reçoit des SMS.",
        "It has to be a mobile number, one that gets text messages.",
        "Het moet een mobiel nummer zijn, dat sms ontvangt.",
    ),
    "wrong_code": (
        "Ce code n’est pas le bon, ou n’est plus valable. Demandez-en un autre.",
        "This is not the code, or it is no longer valid. Ask for another one.",
        "Deze code klopt niet of is niet meer geldig. Vraag een nieuwe aan.",
    ),
    "not_confirmed": (
        "Le numéro n’est pas encore confirmé : le code est dans le SMS de bienvenue.",
        "The number is not confirmed yet: the code is in the welcome message.",
        "Het nummer is nog niet bevestigd: de code staat in het welkomstbericht.",
    ),
    "too_few_points": ("Il n’y a pas assez de points.", "There are not enough points.", "Er zijn te weinig punten."),
    "nothing_to_reduce": (
        "Rien sur ce ticket ne peut être réduit par cette récompense.",
        "This reward can take nothing off this ticket.",
        "Deze beloning geeft geen korting op deze bon.",
    ),
    "invalid_profile": (
        "Vérifiez l’adresse e-mail et la date.",
        "Check the e-mail address and the date.",
        "Controleer het e-mailadres en de datum.",
    ),
    "programme_refused": (
        "Ce programme ne peut pas être publié tel quel.",
        "This programme cannot be published as it is.",
        "Dit programma kan zo niet worden gepubliceerd.",
    ),
    "refused": ("Ce n’est pas possible.", "This cannot be done.", "Dit kan niet."),
}
