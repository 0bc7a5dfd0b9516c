"""The rulebooks by name, in their order: every module of this package that declares a ``RULEBOOK``."""

from pkgutil import iter_modules, resolve_name

from xk.arithmetic.rulebooks.rulebook import Rulebook


def _declared() -> list[Rulebook]:
    package = resolve_name(__package__)
    modules = [resolve_name(f"{__package__}.{found.name}") for found in iter_modules(package.__path__)]
    return [module.RULEBOOK for module in modules if hasattr(module, "RULEBOOK")]


RULEBOOKS: dict[str, Rulebook] = {one.name: one for one in sorted(_declared(), key=lambda one: one.order)}
