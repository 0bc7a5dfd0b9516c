"""Text around the tables of a page: which of it is a table's title, unit or note, as lines above and under it."""

import re
from typing import NamedTuple

from xk.readers.cells import MARK
from xk.readers.layouts.head_words import is_official, told
from xk.readers.layouts.told_years import part_of_year
from xk.readers.told_notes import PLANNED, PRELIMINARY

LONGEST, LONGEST_NOTE, MOST, MOST_NOTES = 80, 1000, 3, 12
"""Characters of a line that may be a title, and of a note; lines that are taken above a table, and under it."""
NOTE = re.compile(
    rf"\s*[(（【\[]?\s*(附?注|备注|说明|(数据|资料)?来源|notes?\b|(data )?source\b|{MARK}"
    r"|[0-9]{1,2}(\.(?![0-9])|(?![0-9年月日.,%]|\s*$))|[a-z](?=[.)、:：\s]))",
    re.IGNORECASE,
)
"""How a note under a table begins."""
OF_PAGE = re.compile(
    r"\W*((发布|更新|发表|公开|录入|成文|印发)(时间|日期)|(时间|日期)\W*(19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]|发布(机构|者|人)|信息(来源|索引)|索引号|浏览|点击|阅读|访问|字[号体]|打印|分享|收藏|关闭|作者|编辑|责任编辑"
    r"|首页|当前位置|您?[的所]?在?位置|上一[篇条页]|下一[篇条页]|版权|copyright|published|updated|home\b|print\b|share\b)"
    r"|\W*(19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?[\s\d:]*\W*$",
    re.IGNORECASE,
)
"""What a page says of itself, such as when it was put out."""


class Text(NamedTuple):
    """A paragraph of a page, its level where it is a heading (a caption has 7), else 0."""

    text: str
    level: int = 0


def lines_above(texts: list[Text], headings: dict[int, str]) -> list[str]:
    """Return the lines above a table, its title first: the nearest heading with the nearest text that can be a title.

    `texts`: those since the table before it. Of the other `headings` under which it stands, those of a part of a year.
    """
    near: list[str] = []
    for text, level in reversed(texts):
        if level or len(near) == MOST or len(text) > (LONGEST_NOTE if NOTE.match(text) else LONGEST):
            break
        near = near if OF_PAGE.match(text) else [text, *near]
    own = [one.text for one in texts[::-1] if one.level and not OF_PAGE.match(one.text)]
    able = [text for text in near[::-1] if not (told(text)[0] or is_official(text) or NOTE.match(text))]
    title = " ".join([*own[:1], *able[:1]])
    others = [text for text in (*own[1:], *headings.values()) if text not in own[:1] and part_of_year(text, title=True)]
    return [*dict.fromkeys([*filter(None, [title]), *(text for text in near if text not in able[:1]), *others])]


def split_notes(texts: list[Text]) -> tuple[list[str], list[Text]]:
    """Return the notes among the texts behind a table, and the others."""
    notes: list[str] = []
    others: list[Text] = []
    open_ = False
    for one in texts:
        says = len(one.text) <= LONGEST and (PLANNED.search(one.text) or PRELIMINARY.search(one.text))
        is_note = not one.level and len(one.text) <= LONGEST_NOTE and (open_ or NOTE.match(one.text) or says)
        if is_note and len(notes) < MOST_NOTES and not (others and says and not NOTE.match(one.text)):
            notes = [*notes[:-1], f"{notes[-1]}{one.text}"] if open_ else [*notes, one.text]
            open_ = one.text.rstrip().endswith((":", "："))
        else:
            others, open_ = [*others, one], False
    return notes, others
