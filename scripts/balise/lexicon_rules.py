"""The lexicon becomes a spaCy pipeline of rules, which finds its names in a text."""

from typing import TYPE_CHECKING

from balise.docbin import new_french
from balise.lexicon import LEXICON, Lexicon, any_case

if TYPE_CHECKING:
    from spacy.language import Language


def make_rules(lexicon: Lexicon) -> "Language":
    """Turn the lexicon into spaCy rules over balise's French tokenizer, longest match first.

    One ruler reads words as they are written, the other in lower case; see `any_case`.
    """
    nlp = new_french()
    rulers = {
        False: nlp.add_pipe("span_ruler", "exact", config=_ruler_config("ORTH")),
        True: nlp.add_pipe("span_ruler", "any_case", config=_ruler_config("LOWER")),
    }
    pairs = {pair for entry in lexicon.entries for pair in entry.forms()}
    for lower, ruler in rulers.items():
        ruler.add_patterns(
            [
                {"label": label, "pattern": form}
                for form, label in sorted(pairs)
                if any_case(form) == lower
            ]
        )
    nlp.meta |= {"name": LEXICON, "version": lexicon.version}
    return nlp


def _ruler_config(attribute: str) -> dict[str, object]:
    # With `annotate_ents`, a ruler keeps the longest of its own matches and the entities before.
    return {
        "spans_key": None,
        "annotate_ents": True,
        "overwrite": False,
        "phrase_matcher_attr": attribute,
    }
