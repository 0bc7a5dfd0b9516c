"""Places among peers: now, and some years before."""

from xk.arithmetic.peers.standing import Standing
from xk.contracts.records import Record
from xk.exhibits import Columns, Exhibit, Wording
from xk.exhibits.peer_words import left_out_said, measured_value


def standing_rows(words: Wording, domain: str | None) -> list[Record]:
    """Return indicator, its peers, the place now and then, in the programme's order; lines that have a place."""
    found = (words.results.peers.get(name) for name in words.results.scheme.lines_in(domain))
    return [
        {"indicator": peer.indicator, "peer": peer, "year": peer.now.year, "now": peer.now, "then": peer.then}
        for peer in found
        if peer is not None and peer.now is not None
    ]


def table_standing(words: Wording, domain: str | None = None) -> Exhibit:
    """Return the table of places among peers, now and some years before; nothing where no line has any."""
    rows = standing_rows(words, domain)
    if not rows:
        return Exhibit("")

    def place(standing: Standing) -> str:
        key = "standing_place_tied" if standing.tied else "standing_place"
        return words.text(key, place=standing.place, n=standing.of)

    def before(row: Record) -> str:
        then = row["then"]
        return words.text("dash") if then is None else place(then) + words.bracketed(then.year)

    show = Columns(words)
    columns = [
        show.line(),
        show.year("column_year"),
        show.number("column_value", lambda row: measured_value(words, row["peer"], row["now"].value)),
        show.number("column_place", lambda row: place(row["now"])),
        show.number("column_place_before", before),
        show.text("column_place_change", lambda row: _moved(words, row)),
        show.text("column_left_out", lambda row: left_out_said(words, row["peer"])),
    ]
    return show.table("standing", rows, columns, note=True, region=words.region(words.results.settings.region))


def _moved(words: Wording, row: Record) -> str:
    """Return by how many places the region moved, and among how many where these are not all that are ranked."""
    moved = row["peer"].moved
    if row["then"] is None or moved is None:
        return words.text("dash")
    way = "same" if not moved.places else "up" if moved.places > 0 else "down"
    said = words.text(f"standing_{way}", n=abs(moved.places))
    if {row["now"].of, row["then"].of} == {moved.of}:
        return said
    return said + words.bracketed(words.text("standing_among", n=moved.of))
