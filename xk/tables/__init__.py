"""Tables of the reports: results in, pieces of HTML out; nothing is computed here but sums of what is shown."""

from xk.tables.counties import say_whole, table_rules
from xk.tables.firmness import table_firmness
from xk.tables.furthest import say_unknown, table_furthest
from xk.tables.indicators import table_summary
from xk.tables.key_points import key_points, tiles
from xk.tables.notes import method_notes, run_facts
from xk.tables.office_blocks import office_blocks, opening
from xk.tables.one_line import table_evidence, table_methods, table_path, table_weights
from xk.tables.own_data import show_own
from xk.tables.places import table_standing
from xk.tables.planned import table_evaluations, table_held, table_plan
from xk.tables.price_bases import show_prices, table_comparability
from xk.tables.rulings import table_disagreements, table_judged, table_rulebooks, table_verdict_history
from xk.tables.scorecard import show_scorecard, trust_said
from xk.tables.sources import table_sources
from xk.tables.tasks import say_tasks, table_milestones, table_phases
from xk.tables.what_came import say_came, table_came, table_foreseen
from xk.tables.what_would_do import common_said, table_ranks, table_solutions

__all__ = [
    "common_said", "key_points", "method_notes", "office_blocks", "opening", "run_facts", "say_came", "say_tasks",
    "say_unknown", "say_whole", "show_own", "show_prices", "show_scorecard", "table_came", "table_comparability",
    "table_disagreements", "table_evaluations", "table_evidence", "table_firmness", "table_foreseen",
    "table_furthest", "table_held", "table_judged", "table_methods", "table_milestones", "table_path", "table_phases",
    "table_plan", "table_ranks", "table_rulebooks", "table_rules", "table_solutions", "table_sources",
    "table_standing", "table_summary", "table_verdict_history", "table_weights", "tiles", "trust_said",
]  # fmt: skip
