"""What the register says to staff about a use, in their three languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

from contract.messages import Texts
from register.model import ZONE

WORDS_OF: Mapping[str, Texts] = MappingProxyType(
    {
        "malformed": Texts(
            fi="Rekisteri ei ymmärtänyt tietuetta. Kerro tekniselle tuelle.",
            sv="Registret förstod inte posten. Meddela den tekniska supporten.",
            en="The register did not understand the record. Please tell technical support.",
        ),
        "id-reused": Texts(
            fi="Samalla tunnisteella on jo toinen tietue. Ensimmäinen jäi voimaan. Kerro tekniselle tuelle.",
            sv="En annan post har redan samma identifierare. Den första gäller. Meddela den tekniska supporten.",
            en="Another record already has the same id. The first one stands. Please tell technical support.",
        ),
        "use-of-other-kiosk": Texts(
            fi="Käyttö on kirjattu toisella laitteella. Peru se siellä.",
            sv="Användningen är registrerad på en annan enhet. Annullera den där.",
            en="The use was recorded on another kiosk. Please annul it there.",
        ),
        "card-ambiguous": Texts(
            fi="Tietueessa on oltava täsmälleen yksi kortti. Kerro tekniselle tuelle.",
            sv="Posten måste gälla exakt ett kort. Meddela den tekniska supporten.",
            en="The record must name exactly one card. Please tell technical support.",
        ),
        "seal-unreadable": Texts(
            fi="Rekisteri ei saanut kortin tunnusta auki. Käyttö on tallessa.",
            sv="Registret kunde inte läsa kortets nummer. Användningen är sparad.",
            en="The register could not open the card's number. The use is kept.",
        ),
        "card-unknown": Texts(
            fi="Rekisteri ei tunne korttia. Pyydä kortinhaltijaa ottamaan yhteyttä kortinjakajaan.",
            sv="Registret känner inte till kortet. Be kortinnehavaren kontakta kortutdelaren.",
            en="The register does not know the card. Please ask the cardholder to contact their issuer.",
        ),
        "card-expired": Texts(
            fi="Kortin voimassaolo oli päättynyt, kun sitä käytettiin.",
            sv="Kortets giltighetstid hade gått ut när det användes.",
            en="The card had expired when it was used.",
        ),
        "card-not-yet-valid": Texts(
            fi="Kortti ei ollut vielä voimassa, kun sitä käytettiin.",
            sv="Kortet gällde inte ännu när det användes.",
            en="The card was not yet valid when it was used.",
        ),
        "card-blocked": Texts(
            fi="Kortti on suljettu: se on kadonnut tai korvattu uudella.",
            sv="Kortet är spärrat: det har försvunnit eller ersatts med ett nytt.",
            en="The card is blocked: it was lost or replaced.",
        ),
        "card-in-stock": Texts(
            fi="Korttia ei ole vielä annettu kenellekään.",
            sv="Kortet har ännu inte delats ut till någon.",
            en="The card has not been issued to anyone yet.",
        ),
        "wrong-area": Texts(
            fi="Kortti ei käy tällä alueella.",
            sv="Kortet gäller inte i det här området.",
            en="The card is not valid in this area.",
        ),
        "not-for-courses": Texts(
            fi="Yhteisön Kaikukortti ei käy kursseille.",
            sv="Gemenskapens Kaikukort gäller inte för kurser.",
            en="A community card is not valid for courses.",
        ),
        "already-used": Texts(
            fi="Samaa korttia on käytetty tässä tilaisuudessa useammin kuin kerran.",
            sv="Samma kort har använts flera gånger vid det här evenemanget.",
            en="The same card has been used more than once at this event.",
        ),
        "quota-exceeded": Texts(
            fi="Kaikukortin paikat tähän tilaisuuteen ylittyivät.",
            sv="Kaikukortets platser till det här evenemanget överskreds.",
            en="The event's places for Kaikukortti were exceeded.",
        ),
        "sold-out": Texts(
            fi="Tilaisuus oli loppuunmyyty.",
            sv="Evenemanget var slutsålt.",
            en="The event was sold out.",
        ),
        "course-limit": Texts(
            fi="Kortilla on jo käytetty kauden kurssipaikat.",
            sv="Kortets kursplatser för perioden är redan använda.",
            en="The card's course places for the period have already been used.",
        ),
        "event-unknown": Texts(
            fi="Rekisteri ei tunne tilaisuutta tässä kohteessa.",
            sv="Registret känner inte till evenemanget hos den här kulturaktören.",
            en="The register does not know this event at this venue.",
        ),
        "time-in-future": Texts(
            fi="Käytön kellonaika on tulevaisuudessa. Tarkista laitteen kello.",
            sv="Användningens tid ligger i framtiden. Kontrollera enhetens klocka.",
            en="The time of the use is in the future. Please check the kiosk's clock.",
        ),
    }
)
"""A sentence or two for every reason of the contract's `REASONS_OF_ITEMS`."""


DOUBLE = "already-used"
MOST_PLACES_NAMED = 3


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where and when the same card was used besides."""

    door: str
    at: dt.datetime


def words_for(reasons: Sequence[str], sightings: Sequence[Sighting] = ()) -> Texts | None:
    """All that `reasons` have to say, one after the other; None where there is nothing to say.

    For a card that was used before, the door and the local time of the first few of `sightings` are named.
    """
    if not reasons:
        return None
    said = [WORDS_OF[reason] for reason in reasons]
    if DOUBLE in reasons:
        said += [_also_at(each) for each in sightings[:MOST_PLACES_NAMED]]
    return Texts(
        fi=" ".join(words.fi for words in said),
        sv=" ".join(words.sv for words in said),
        en=" ".join(words.en for words in said),
    )


def _also_at(sighting: Sighting) -> Texts:
    at = sighting.at.astimezone(ZoneInfo(ZONE))
    return Texts(
        fi=f"Toinen käyttö: {at.day}.{at.month}. klo {at:%H.%M}, {sighting.door}.",
        sv=f"Den andra användningen: {at.day}.{at.month} kl. {at:%H.%M}, {sighting.door}.",
        en=f"The other use: {at.day}.{at.month}. at {at:%H:%M}, {sighting.door}.",
    )
