"""The question: the parameters of a report, each named, typed, defaulted and explained here alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, fields, replace
from functools import lru_cache
from types import UnionType
from typing import TypeVar, get_args, get_origin, get_type_hints

from xk.arithmetic.projection import METHODS
from xk.contracts.forms import is_date
from xk.contracts.scheme import Scheme
from xk.errors import UsageError, check_known
from xk.pipeline import Settings
from xk.readers import Asked, Store, find_scenario, name_scenario, read_names, read_scenario, read_weights
from xk.vocab import LANGUAGES, NATIVE

Value = TypeVar("Value")
Read = Callable[[str, Scheme, Store], Mapping[str, object]]


def _asked(default: Value, help_text: str, *, read: Read | None = None) -> Value:
    """Return a field; where the command line is given a file in place of the value, `read` reads and checks it."""
    return field(default=default, metadata={"help": help_text, "read": read})


def _scenario(path: str, scheme: Scheme, store: Store) -> Mapping[str, object]:
    names = read_names(store).under(scheme.id)
    path = str(find_scenario(path, store.root))
    return read_scenario(path, scheme=scheme, regions=list(store.regions["region"]), names=names)


def _weights(path: str, scheme: Scheme, store: Store) -> Mapping[str, float]:
    return read_weights(path, scheme=scheme, names=read_names(store).under(scheme.id))


@dataclass(frozen=True)
class Question:
    """The parameters of a report, checked for type and language when made, for names against the data.

    The fields are the only list of them: options of the command line, parameters of notebooks and manifests are made
    from it or checked with it. What each means stands behind it.
    """

    domain: str | None = _asked(None, "domain of the programme; all of them if not given")
    scheme: str = _asked("yunfu-2020", "programme: a folder under data/raw/schemes")
    _: KW_ONLY
    region: str | None = _asked(None, "region of data/raw/regions.csv; the programme's first if not given")
    as_of: int | None = _asked(None, "last year that counts as known")
    to: int | None = _asked(None, "last year to project to")
    method: str = _asked("auto", ", ".join(METHODS))
    scenario: Mapping[str, object] | None = _asked(
        None, "TOML file with differences from the reference, or the name of a scenario that is kept", read=_scenario
    )
    weights: Mapping[str, float] | None = _asked(
        None, "CSV file (indicator, weight) with weights in place of the programme's", read=_weights
    )
    observations: Sequence[str] | None = _asked(
        None,
        "files with figures of your own, as xk read understands them; a column price_base for what has prices in it",
    )
    vintage: str | None = _asked(None, "YYYY-MM-DD: figures released later do not count; else the newest do")
    lang: str = _asked(NATIVE, f"language: {' or '.join(LANGUAGES)}")

    def __post_init__(self) -> None:
        for name, kinds in parameter_types().items():
            value = getattr(self, name)
            is_bare = Sequence in kinds and isinstance(value, str)
            if isinstance(value, bool) or not isinstance(value, kinds) or is_bare:
                wanted = " or ".join(kind.__name__.replace("NoneType", "None") for kind in kinds)
                raise UsageError(f"parameter {name} must be {wanted}, not {value!r}")
        check_known(self.lang, LANGUAGES, "language")
        check_known(self.method, METHODS, "method")
        if self.vintage is not None and not is_date(self.vintage):
            raise UsageError(f"{self.vintage!r} is no day of release; write it as 2018-03-31")
        object.__setattr__(self, "observations", tuple(map(str, self.observations or ())) or None)

    def __hash__(self) -> int:
        return hash(json.dumps(self.parameters()))

    @classmethod
    def of(cls, given: Mapping[str, object]) -> Question:
        """Return the question of a plain mapping; raise UsageError with the nearest known name for an unknown one."""
        for name in given:
            check_known(name, PARAMETERS, "parameter")
        return cls(**given)  # type: ignore[arg-type]  # types are checked when it is made

    def resolved(self, store: Store) -> Question:
        """Return the question with slugs in place of all other names; raise UsageError for unknown ones."""
        names = read_names(store).under(store.scheme(self.scheme).id)
        return replace(
            self,
            region=self.region and names.slug("region", self.region),
            domain=self.domain and names.slug("domain", self.domain),
            scenario=self.scenario and name_scenario(dict(self.scenario), names),
            weights=self.weights and names.keys("indicator", self.weights),
        )

    def parameters(self, *left_out: str) -> dict[str, object]:
        """Return the parameters by name, all but those `left_out`, as plain values that JSON knows.

        Mappings come in the order of their keys, as manifests keep them: a run that is made again is then the same.
        """
        names = [name for name in PARAMETERS if name not in left_out]
        return {name: json.loads(json.dumps(getattr(self, name), sort_keys=True, default=dict)) for name in names}

    def asked(self) -> Asked:
        """Return what it says of the data."""
        return Asked(tuple(self.observations or ()), self.vintage)

    def settings(self, scheme: Scheme) -> Settings:
        """Return what the arithmetic takes of it."""
        return Settings(self.region or scheme.default_region(), self.as_of, self.to, self.method)


PARAMETERS: tuple[str, ...] = tuple(item.name for item in fields(Question))


@lru_cache(maxsize=1)
def parameter_types() -> dict[str, tuple[type, ...]]:
    """Return parameter -> types that its values may have, as the field is annotated."""
    hints = {name: hint for name, hint in get_type_hints(Question).items() if name in PARAMETERS}
    kinds = {name: get_args(hint) if isinstance(hint, UnionType) else (hint,) for name, hint in hints.items()}
    return {name: tuple(get_origin(kind) or kind for kind in each) for name, each in kinds.items()}
