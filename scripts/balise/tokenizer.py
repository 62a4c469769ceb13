"""spaCy's French tokenizer, with the cuts that conflict news needs.

This file imports spaCy alone: `balise model package` ships it inside the model's wheel.
"""

import re
from collections.abc import Callable

from spacy.lang.char_classes import ALPHA_LOWER, ALPHA_UPPER
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_suffix_regex, registry

NAME = "balise.FrenchTokenizer.v2"

_PREFIXES = ("anti", "ex", "mi", "néo", "non", "post", "pré", "pro")
_HYPHENS = "-‐‑–"
_NAME = f"(?-i:(?:al-|el-)?[{ALPHA_UPPER}0-9])"

# French keeps « pro-russe » whole, rightly; before a capital or a digit the prefix is cut off,
# so that a span can hold the name alone.
_PREFIXED_NAME = rf"(?:{'|'.join(_PREFIXES)})[{_HYPHENS}]{_NAME}"
_AFTER_PREFIX = "|".join(rf"(?<=\b(?i:{prefix}))" for prefix in _PREFIXES)

_INFIXES = (
    rf"(?:{_AFTER_PREFIX})[{_HYPHENS}](?={_NAME})",
    # « FARDC.Le », « M23.L'armée »: wire copy forgets the space after a full stop.
    rf"(?<=[{ALPHA_UPPER}0-9])\.(?=[{ALPHA_UPPER}][{ALPHA_LOWER}'’])",
    # « Bamako(Mali) », « Daech».Il »
    r"[()\[\]«»“”]",
)

# « le JeM. », « un T-90M. », « l'EI-K. »: spaCy cuts a full stop off after two capitals or a small
# letter only. « J.-P. » keeps its own.
_SUFFIXES = (
    rf"(?<=[{ALPHA_LOWER}0-9][{ALPHA_UPPER}])\.",
    rf"(?<=[{ALPHA_UPPER}]-[{ALPHA_UPPER}])\.",
)

# spaCy keeps « 15 janv. » with its stop, which no date that was read in a text has.
_MONTHS = frozenset(
    f"{spelt}."
    for month in ("janv", "févr", "avr", "juill", "sept", "oct", "nov", "déc")
    for spelt in (month, month.capitalize())
)


def _guard(match: Callable[[str], re.Match[str] | None]) -> Callable[[str], re.Match[str] | None]:
    """Keep one of the tokenizer's whole-word patterns from swallowing a prefixed name."""
    pattern: re.Pattern[str] = match.__self__  # type: ignore[attr-defined]  # bound: spaCy says so
    # A saved tokenizer keeps a pattern's text alone, so its flags must stand in the text.
    inline = re.match(r"\(\?[a-z]+\)", pattern.pattern)
    flags = inline[0] if inline else ""
    words = _factor(pattern.pattern.removeprefix(flags))
    return re.compile(f"{flags}(?!{_PREFIXED_NAME})(?:{words})").match


def _factor(pattern: str) -> str:
    """Write each ending that alternatives share once, where a pattern is « (?:^…)|(?:^…)|… ».

    French has hundreds of alternatives that end in the same classes of every letter there is, and
    such a class takes long to compile. Any other pattern stays as it is.
    """
    if not (pattern.startswith("(?:^") and pattern.endswith("$)")):
        return pattern
    bodies = pattern.removeprefix("(?:^").removesuffix(")").split(")|(?:^")
    for find in (str.find, str.rfind):
        heads: dict[str, list[str]] = {}
        for body in bodies:
            cut = max(find(body, "["), 0)
            heads.setdefault(body[cut:], []).append(body[:cut])
        bodies = [
            f"(?:{'|'.join(found)}){tail}" if len(found) > 1 else found[0] + tail
            for tail, found in heads.items()
        ]
    return f"^(?:{'|'.join(bodies)})"


@registry.tokenizers(NAME)  # type: ignore[untyped-decorator]
def create_french_tokenizer() -> Callable[[Language], Tokenizer]:
    """Make the factory that spaCy's config calls to build the tokenizer of a French pipeline.

    Raises:
        ValueError: (the factory) the pipeline is of another language.
    """

    def make(nlp: Language) -> Tokenizer:
        if nlp.lang != "fr":
            raise ValueError(
                f"{NAME} is for French, and the pipeline's language is {nlp.lang!r}: write "
                'lang = "fr" under [nlp], or name another tokenizer under [nlp.tokenizer]'
            )
        defaults = nlp.Defaults
        base = registry.tokenizers.get("spacy.Tokenizer.v1")()(nlp)
        suffixes = (*(defaults.suffixes or ()), *_SUFFIXES)
        infixes = (*(defaults.infixes or ()), *_INFIXES)
        return Tokenizer(
            nlp.vocab,
            rules={word: rule for word, rule in base.rules.items() if word not in _MONTHS},
            prefix_search=base.prefix_search,
            suffix_search=compile_suffix_regex(suffixes).search,
            infix_finditer=compile_infix_regex(infixes).finditer,
            token_match=_guard(base.token_match),
            url_match=_guard(base.url_match),
        )

    return make
