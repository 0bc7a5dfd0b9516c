"""Years and parts of them that titles, lines above a table and names of sheets tell."""

import re
from collections.abc import Sequence

from xk.readers.cells import fold

YEAR_IN = re.compile(r"((?:19|20)[0-9]{2})\s*(?:年度?(?:末|底)?|\b)")
OF_A_BOOK = re.compile(
    r"(?:19|20)\d\d\s*年?版?[^\d,;，；。:\s(《]{0,16}年鉴|年鉴\W{0,3}(?:19|20)\d\d\s*(?:年?[版刊卷]|年(?=\W|$)|(?=\W|$))"
    r"|(?:19|20)\d\d\s*年?[版刊]|\b(?:19|20)\d\d\s+(?:statistical\s+)?yearbook|yearbook\W{0,3}(?:19|20)\d\d",
    re.IGNORECASE,
)
"""The year of a yearbook, which is not that of its figures."""
OF_A_BASE = re.compile(
    r"以?\s*(?:19|20)\d\d\s*年?\s*(?:为|作为?)?\s*(?:基期|基年|基数|不变价|可比价|价格|价(?=\W|$)|=\s*1?00|为\s*100)"
    r"|(?:19|20)\d\d (?:constant )?prices|\bbase(?: year)?\W{0,2}(?:19|20)\d\d",
    re.IGNORECASE,
)
"""The year of a base or of prices, which is not that of the figures either."""
SPANNED = re.compile(
    r"(?:19|20)\d\d\s*年?\s*[-－—–―~～至到]+\s*(?:(?:19|20)\d\d|\d\d(?=年))\s*(?:年度?(?:末|底)?)?|历年|近\w年来?|主要年份"
)
"""Several years, in the title of a table that has them all."""
DASH = r"\s*月?[份]?\s*[-－—–―~～至到]+\s*"
NUMBER = r"(?:[0-9]{1,2}|十[一二]|[一二三四五六七八九十])"
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
WHOLE_YEAR = re.compile(
    rf"(?<!\d)(?:0?1|一){DASH}(?:12|十二)\s*月份?|(?:12|十二)月(?:31日|末|底)"
    rf"|\bjan(?:uary)?\W+(?:to\W+)?dec(?:ember)?\b|{NUMBER}月[0-9]{{1,2}}日",
    re.IGNORECASE,
)
"""What names all months, the end of a year, or the day of a release."""
SPAN = re.compile(
    rf"[上下]半年|半年[度报]|(?<!每)(?:第?{NUMBER}|前[两二三]个?|[本当上])季度?(?![节\d])(?<=度)|季[度报]|月[度报]|(?<!\d){NUMBER}{DASH}{NUMBER}\s*月份?"
    rf"|(?<![A-Za-z])(?:Q[1-4]|[1-4]Q|H[12])(?![A-Za-z0-9])"
    rf"|\b(?:half[- ]year|(?:first|second) half|(?:first|second|third|fourth|\d..) quarter|quarterly|monthly)\b"
    rf"|\b{MONTH}\W+(?:to\W+)?{MONTH}\b",
    re.IGNORECASE,
)
DECEMBER = re.compile(
    rf"(?:(?:0?1|一){DASH})?(?:12(?:\.0)?|十二)\s*月?(?:份|末|底)?|(?:jan(?:uary)?\W+(?:to\W+)?)?dec(?:ember)?\.?",
    re.IGNORECASE,
)
"""December, or the months up to it, in a column of months: what is counted up to it is the year's."""
ANNUAL = "give the annual figures: whether a year is their sum, mean or last one, the source must say"
UNTIL = re.compile(
    rf"截[至止]\D{{0,3}}(?:(?:19|20)\d\d年)?(?!12月(?:31日|(?!\d))|十二月)(?<!十)(?<!\d){NUMBER}月(?:[0-9]{{1,2}}日)?"
)
ONE_MONTH = re.compile(
    rf"(?<!\d){NUMBER}月(?:份|末|底)?(?![\d龄平均])|(?<![\d.])(?:19|20)\d\d(?:[./]|-(?=0))(?:0?[1-9]|1[0-2])(?![\d./%年月-])"
    rf"|(?<!\d)20[0-3]\d(?:0[1-9]|1[0-2])(?!\d)|\b{MONTH}\W+(?:19|20)\d\d\b",
    re.IGNORECASE,
)


def year_of(texts: Sequence[str]) -> int | None:
    """Return the year that the first of some titles names which names any; None where one names two."""
    for text in texts:
        years = {int(year) for year in YEAR_IN.findall(OF_A_BASE.sub(" ", OF_A_BOOK.sub(" ", fold(text))))}
        if years:
            return years.pop() if len(years) == 1 else None
    return None


def part_of_year(text: str, *, title: bool = False) -> str:
    """Return what in a text names half a year, quarters or months; one month, as releases have, but of a `title`."""
    plain = fold(text)
    rest = WHOLE_YEAR.sub(" ", plain)
    found = UNTIL.search(plain) or SPAN.search(rest) or (ONE_MONTH.search(rest) if title else None)
    return found[0] if found else ""
