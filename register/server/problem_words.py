"""What staff are shown for each type of problem, in their three languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from contract.messages import ProblemType, Texts

_TELL_SUPPORT = Texts(
    fi="Rekisteri ei ymmärtänyt laitetta. Kirjatut käytöt ovat tallessa. Kerro tekniselle tuelle.",
    sv="Registret förstod inte enheten. Det som registrerats finns kvar. Meddela den tekniska supporten.",
    en="The register did not understand the kiosk. What was recorded is kept. Please tell technical support.",
)

WORDS_OF: Mapping[ProblemType, Texts] = MappingProxyType(
    {
        "malformed": _TELL_SUPPORT,
        "not-found": _TELL_SUPPORT,
        "method-not-allowed": _TELL_SUPPORT,
        "unsupported-media-type": _TELL_SUPPORT,
        "too-large": Texts(
            fi="Laite lähetti liian paljon kerralla. Se yrittää uudelleen pienemmissä osissa.",
            sv="Enheten skickade för mycket på en gång. Den försöker igen i mindre delar.",
            en="The kiosk sent too much at once. It will try again in smaller parts.",
        ),
        "unauthorised": Texts(
            fi="Rekisteri ei tunne tätä laitetta. Kirjatut käytöt ovat tallessa. Kerro tekniselle tuelle.",
            sv="Registret känner inte igen enheten. Det som registrerats finns kvar. Meddela den tekniska supporten.",
            en="The register does not recognise this kiosk. What was recorded is kept. Please tell technical support.",
        ),
        "key-revoked": Texts(
            fi="Tämän laitteen käyttö on lopetettu. Pyydä tekninen tuki paikalle.",
            sv="Enheten har tagits ur bruk. Kalla på den tekniska supporten.",
            en="This kiosk has been taken out of use. Please call technical support.",
        ),
        "token-used": Texts(
            fi="Käyttöönottokoodi on jo käytetty. Pyydä uusi koodi.",
            sv="Registreringskoden har redan använts. Be om en ny kod.",
            en="The enrolment code has already been used. Please ask for a new one.",
        ),
        "token-unknown": Texts(
            fi="Rekisteri ei tunne käyttöönottokoodia. Tarkista koodi tai pyydä uusi.",
            sv="Registret känner inte till registreringskoden. Kontrollera koden eller be om en ny.",
            en="The register does not know the enrolment code. Please check it or ask for a new one.",
        ),
        "token-expired": Texts(
            fi="Käyttöönottokoodi on vanhentunut. Pyydä uusi koodi.",
            sv="Registreringskoden har gått ut. Be om en ny kod.",
            en="The enrolment code has expired. Please ask for a new one.",
        ),
        "cursor-gone": Texts(
            fi="Laite hakee korttiluettelon uudelleen. Voit jatkaa työtä.",
            sv="Enheten hämtar kortlistan på nytt. Du kan fortsätta arbeta.",
            en="The kiosk is fetching the card list again. You can go on working.",
        ),
        "too-many-requests": Texts(
            fi="Rekisterillä on ruuhkaa. Laite yrittää pian uudelleen.",
            sv="Registret är överbelastat. Enheten försöker snart igen.",
            en="The register is busy. The kiosk will try again soon.",
        ),
        "internal": Texts(
            fi="Rekisterissä on häiriö. Kirjatut käytöt ovat tallessa, ja laite yrittää uudelleen.",
            sv="Registret har en störning. Det som registrerats finns kvar, och enheten försöker igen.",
            en="The register has a fault. What was recorded is kept, and the kiosk will try again.",
        ),
        "unavailable": Texts(
            fi="Rekisteri ei juuri nyt vastaa. Kirjatut käytöt ovat tallessa, ja laite yrittää uudelleen.",
            sv="Registret svarar inte just nu. Det som registrerats finns kvar, och enheten försöker igen.",
            en="The register cannot answer just now. What was recorded is kept, and the kiosk will try again.",
        ),
    }
)
