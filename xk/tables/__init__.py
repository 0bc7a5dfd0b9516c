"""Tables of the reports: results in, pieces of HTML out; nothing is computed here but sums of what is shown."""

from __future__ import annotations

from xk.tables.benches import table_methods, table_path, table_scenario, table_scenario_index, table_weights
from xk.tables.circular import office_sections, opening, table_behind, table_office, table_office_tasks, table_offices
from xk.tables.domain import (
    table_milestones,
    table_sources,
    table_summary,
    table_tasks,
    table_unknown,
)
from xk.tables.judging import table_disagreements, table_held, table_plan, table_rulebooks, table_verdict_history
from xk.tables.overview import table_furthest, table_index, table_lead_offices, table_phases
from xk.tables.prose import key_points, method_notes, run_facts, tiles
from xk.tables.review import review_points, table_coverage, table_misses, table_review
from xk.tables.valuation import (
    show_prices,
    table_allocation,
    table_comparability,
    table_contributions,
    table_index_years,
    table_prices,
)

__all__ = [
    "key_points",
    "method_notes",
    "opening",
    "review_points",
    "run_facts",
    "table_allocation",
    "table_behind",
    "table_comparability",
    "table_contributions",
    "table_coverage",
    "table_disagreements",
    "table_furthest",
    "table_held",
    "table_index",
    "table_index_years",
    "table_lead_offices",
    "table_methods",
    "table_milestones",
    "table_misses",
    "table_path",
    "table_phases",
    "table_plan",
    "table_prices",
    "table_review",
    "table_rulebooks",
    "table_scenario",
    "table_scenario_index",
    "table_sources",
    "table_summary",
    "table_tasks",
    "table_office",
    "table_office_tasks",
    "table_offices",
    "table_unknown",
    "table_verdict_history",
    "show_prices",
    "table_allocation",
    "table_comparability",
    "table_contributions",
    "table_disagreements",
    "table_held",
    "table_plan",
    "table_rulebooks",
    "table_verdict_history",
    "table_weights",
    "tiles",
    "office_sections",
]
