"""The door to the disk: reads raw tables and checks them, writes results whole or not at all."""

from xk.readers.changing import write_tables
from xk.readers.naming import Names, read_names
from xk.readers.office_files import OUT, Reading, read_files
from xk.readers.own_figures import check_own_regions, read_counties, read_observations, store_as_asked
from xk.readers.points import read_points
from xk.readers.scenarios import (
    delete_scenario,
    find_scenario,
    kept_scenario,
    list_scenarios,
    name_scenario,
    read_scenario,
    read_shipped,
    read_weights,
    scenario_text,
    write_scenario,
)
from xk.readers.schemes import OWN, RAW, find_root, read_scheme
from xk.readers.store import Asked, OwnFigures, Store, read_everything, read_store
from xk.readers.text import shown
from xk.readers.writing import check_output, write_bytes, write_output, write_table

__all__ = [
    "Asked", "Names", "OUT", "OWN", "OwnFigures", "RAW", "Reading", "Store", "check_output", "check_own_regions",
    "delete_scenario", "find_root", "find_scenario", "kept_scenario", "list_scenarios", "name_scenario",
    "read_counties", "read_everything", "read_files", "read_names", "read_observations", "read_points",
    "read_scenario", "read_scheme", "read_shipped", "read_store", "read_weights", "scenario_text", "shown",
    "store_as_asked", "write_bytes", "write_output", "write_scenario", "write_table", "write_tables",
]  # fmt: skip
