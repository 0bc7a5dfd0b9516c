"""The circular (定期通报): how it opens, before the blocks of the offices."""

from xk.exhibits import Exhibit, join, paragraph
from xk.exhibits.wording import Wording
from xk.tables.office_blocks import offices_in_charge
from xk.tables.phases import phase_sentence


def opening(words: Wording) -> Exhibit:
    """Return in which phase the programme stands, and what follows: after the key points, the blocks of the offices."""
    n = len(offices_in_charge(words))
    said = [phase_sentence(words), words.stage("circular_offices", n=n) if n else ""]
    return join([paragraph(sentence) for sentence in said if sentence])
