"""The formulas that reports show, as MathML: browsers set it without script, screen readers read it.

Letters are those of the method note: x value, y* target, t year, b and T baseline and target year, w weight,
s score, a attainment, I index.
"""

from html import escape

from xk.errors import check_known


def formula(key: str) -> str:
    """Return the formula `key` as a ``<math>`` element on a line of its own.

    Raises
    ------
    UsageError
        There is no such formula.
    """
    check_known(key, FORMULAS, what="formula")
    return f'<div class="xk-formula" tabindex="0"><math display="block">{FORMULAS[key]}</math></div>'


def _row(*parts: str) -> str:
    return f"<mrow>{''.join(map(_leaf, parts))}</mrow>"


def _leaf(part: str) -> str:
    """Return MathML as it is, a number, a name or a sign as the element that it is."""
    if part.startswith("<m"):
        return part
    if len(part) > 1 and part.isalpha():
        return f'<mi mathvariant="normal">{escape(part)}</mi>'
    kind = "mn" if part[0].isdigit() else "mi" if part[0].isalpha() else "mo"
    return f"<{kind}>{escape(part)}</{kind}>"


def _sub(base: str, index: str) -> str:
    return f"<msub>{_leaf(base)}{_leaf(index)}</msub>"


def _power(base: str, exponent: str) -> str:
    return f"<msup>{_leaf(base)}{_leaf(exponent)}</msup>"


def _over(above: str, below: str) -> str:
    return f"<mfrac>{_leaf(above)}{_leaf(below)}</mfrac>"


def _sum(term: str) -> str:
    return f"<munder><mo>∑</mo><mi>i</mi></munder>{term}"


_TARGET = _power("y", "*")
_BASE_VALUE, _VALUE, _LEFT = _sub("x", "b"), _sub("x", "t"), _row("T", "−", "t")
_LOW, _HIGH = _sub("q", "1"), _sub("q", "2")
_WIDEST = _row("max", "(", _LOW, "−", "m", ",", "M", "−", _HIGH, ")")
_WEIGHTED = _over(_row(_sum(_row(_sub("w", "i"), _sub("a", "i")))), _row(_sum(_sub("w", "i"))))

FORMULAS: dict[str, str] = {
    "score_positive": _row("s", "=", "100", "×", _over("x", _TARGET)),
    "score_inverse": _row("s", "=", "100", "×", _over(_TARGET, "x")),
    "score_interval": _row(
        "s", "=", "100", "×", "(", "1", "−", _over(_row(_LOW, "−", "x"), _WIDEST), ")"
    ),
    "attainment": _row("a", "=", "min", "(", "max", "(", "s", ",", "0", ")", ",", "100", ")"),
    "index": _row("I", "=", _WEIGHTED),
    "planned_line": _row(
        _sub("p", "t"), "=", _BASE_VALUE, "+", _row("(", _TARGET, "−", _BASE_VALUE, ")"),
        _over(_row("t", "−", "b"), _row("T", "−", "b")),
    ),
    "planned_growth": _row(
        _sub("p", "t"), "=", _BASE_VALUE,
        _power(_row("(", _over(_TARGET, _BASE_VALUE), ")"), _over(_row("t", "−", "b"), _row("T", "−", "b"))),
    ),
    "required_change": _row("c", "=", _over(_row(_TARGET, "−", _VALUE), _LEFT)),
    "required_growth": _row(
        "g", "=", _power(_row("(", _over(_TARGET, _VALUE), ")"), _row("1", "/", "(", _LEFT, ")")), "−", "1"
    ),
    "borrowed_growth": _row(
        _sub("x", _row("t", "+", "h")), "=", _VALUE, "×",
        _over(_sub("r", _row("t", "+", "h")), _sub("r", "t")),
    ),
    "constant_prices": _row(_sub("x", "real"), "=", "100", "×", _over(_VALUE, _sub("P", "t"))),
}  # fmt: skip
