"""What French law leaves of a loyalty programme, by the class of an article: the table of terminal/LAW-14.

`value` is the largest part of an article's price that may be taken off, at once or by points, and `volume` the largest
part of a class's sales of twelve months that may be sold with something off; both in percent. A value of 0 excludes the
class: it earns nothing, and nothing is taken off it. Each figure has its source and the day from which it holds; a
change of law is a row more. A class without a row is free. The row that holds is the newest whose day has come, also
when its text bears an end: parliament has moved that end three times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from host.loyalty.model import LegalClass

C = LegalClass
WHOLE = 100


@dataclass(frozen=True)
class Limit:
    legal_class: LegalClass
    valid_from: date
    value: int
    volume: int
    source: str

    @property
    def excluded(self) -> bool:
        return self.value == 0


LIMITS = (
    Limit(C.ALCOHOL, date(2009, 7, 24), 0, 0, "CSP L. 3322-9 et L. 3323-2 ; exclu par prudence"),
    Limit(C.TOBACCO, date(2016, 5, 21), 0, 0, "CSP L. 3512-4 ; CGI 572 (prix unique)"),
    Limit(C.VAPING, date(2016, 5, 21), 0, 0, "CSP L. 3513-4"),
    Limit(C.GAMBLING, date(2020, 1, 1), 0, 0, "CSI L. 320-2 et suivants ; exclu par prudence"),
    Limit(C.INFANT_FORMULA, date(2020, 2, 22), 0, 0, "règlement délégué (UE) 2016/127, article 10"),
    Limit(C.MEDICINE, date(2004, 8, 8), 0, 0, "CSP R. 5125-28"),
    Limit(C.BOOK, date(1982, 1, 1), 5, WHOLE, "loi 81-766 du 10 août 1981, article 1er"),
    Limit(C.FOOD, date(2019, 3, 1), 34, 25, "ordonnance 2018-1128, article 3"),
    Limit(C.FOOD, date(2023, 4, 1), 34, 25, "loi 2023-221 du 30 mars 2023"),
    Limit(C.FOOD, date(2025, 4, 16), 34, 25, "loi 2025-337 du 14 avril 2025, jusqu’au 15 avril 2028"),
    Limit(C.HYGIENE, date(2024, 3, 1), 34, 25, "loi 2023-221 du 30 mars 2023, article 7"),
    Limit(C.HYGIENE, date(2025, 4, 16), 40, 25, "loi 2025-337 du 14 avril 2025, jusqu’au 15 avril 2028"),
)


def limit(legal_class: LegalClass, day: date) -> Limit:
    """What holds on that day."""
    rows = [row for row in LIMITS if row.legal_class is legal_class and row.valid_from <= day]
    return max(rows, key=lambda row: row.valid_from, default=Limit(legal_class, day, WHOLE, WHOLE, ""))
