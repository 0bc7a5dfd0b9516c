"""The phases of the programme, and in which of them the figures stand."""

from xk.contracts.records import Record
from xk.exhibits import Columns, Exhibit, Wording


def table_phases(words: Wording) -> Exhibit:
    """Return the phases of the programme with their dates."""
    show = Columns(words)
    columns = [
        show.text("column_phase", lambda row: row[f"name_{words.lang}"], head=True),
        show.text(
            "column_period",
            lambda row: words.text("between_mark", low=words.month(row["start"]), high=words.month(row["end"])),
        ),
        show.text("column_aim", lambda row: row[f"aim_{words.lang}"]),
    ]
    return show.table("phases", words.results.scheme.ordered_phases, columns, empty=True)


def phase_sentence(words: Wording) -> str:
    """Return in which phase of the plan the end of the last known year lies; nothing for a plan without phases."""
    phases = words.results.scheme.ordered_phases
    as_of, _ = words.results.settings.years()
    now = f"{as_of}-12"
    if not phases:
        return ""
    key = "phase_before" if now < phases[0]["start"] else "phase_after" if now > phases[-1]["end"] else "phase_now"
    phase = next((phase for phase in phases if phase["end"] >= now), phases[-1])
    return words.text(key, year=as_of, **_phase_words(words, phase))


def _phase_words(words: Wording, phase: Record) -> dict[str, str]:
    return {
        "phase": phase[f"name_{words.lang}"],
        "start": words.month(phase["start"]),
        "end": words.month(phase["end"]),
        "aim": phase[f"aim_{words.lang}"].rstrip("。."),
    }
