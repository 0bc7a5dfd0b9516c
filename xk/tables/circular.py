"""The circular (定期通报): how it opens, before the blocks of the offices."""

from xk.exhibits import Exhibit, Wording, paragraph
from xk.tables.office_blocks import offices_in_charge
from xk.tables.phases import phase_sentence
from xk.tables.tasks import say_progress


def opening(words: Wording) -> Exhibit:
    """Return in which phase the programme stands, what is recorded of it, and what follows: blocks of offices."""
    n = len(offices_in_charge(words))
    said = [words.stage("circular_offices", n=n), say_progress(words)] if n else []
    shown = words.sentences(phase_sentence(words), *said)
    return paragraph(shown) if shown else Exhibit("")
