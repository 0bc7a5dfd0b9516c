"""Labels of the judging part."""

from __future__ import annotations

JUDGING_LABELS: dict[str, tuple[str, str]] = {}
