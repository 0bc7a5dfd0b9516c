"""Labels of the benches part."""

from __future__ import annotations

BENCHES_LABELS: dict[str, tuple[str, str]] = {}
