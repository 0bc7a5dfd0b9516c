"""Labels of the running part."""

from __future__ import annotations

RUNNING_LABELS: dict[str, tuple[str, str]] = {}
