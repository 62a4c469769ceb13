"""The card's standing prose about the folder itself: configs, loading, files, words used."""

LOADING = """
```python
from datasets import load_dataset

articles = load_dataset("path/or/repository")  # the config `spans`
```
"""

LOADING_BIO = """
```python
from datasets import load_dataset

articles = load_dataset("path/or/repository")  # the config `spans`
tokens = load_dataset("path/or/repository", "bio")
```
"""

CONFIG_SPANS = """
- `spans`{default}: a row for each article whose text goes out, with its spans
  `{{start, end, label, text}}`. Offsets are Unicode code points, half-open: a span's surface is
  `text[start:end]` in Python.
"""

CONFIG_BIO = """
- `bio`: the same articles in `tokens` and `ner_tags` (IOB2; O first, then B- and I- of each label
  in the scheme's order), with the tokens' `[token_starts, token_ends)` in code points. The
  tokenizer is `{tokenizer}`, shipped with balise; white space is no token. `labels.json` names the
  tags for readers that see bare integers.
"""

CONFIG_ANNOTATORS = """
- `annotators`: a row for each confirmed reading of an article, the adjudicator's too, under a
  pseudonym: for research on agreement. Gold is in the other configs; a reading is not.
"""

CONFIG_STANDOFF = """
- `standoff`{default}: a row for every article, without text, title or surfaces. `url` and `path`
  say where the text stands; `sha256` (over its UTF-8, normalisation `{normalisation}`: NFC and line
  feeds) and `length` (code points) say which text the offsets belong to. Of a span's words only
  hashes go out, salted with the row's `salt`: of its `surface`, and of up to {context} tokens
  `before` and `after` it. They find a span again in a page that changed. Where the text was not
  there when this was built they are missing.
"""

NO_BIO = """
Spans of this label scheme may overlap and lie inside one another. A token may then be in several,
and IOB2 tags say one of them only: there is no config of tokens and tags.
"""

COLUMNS = """
`synthetic` says whether a text was written for this corpus; `published` is then the day at which
the article is situated, not a day of publication. `decision` says how its spans were decided and
`annotators` who read it. An empty split is left out.
"""

FILES = {
    "labels.json": "the label scheme, and the name of each number in `ner_tags`",
    "ledger.json": "every span that was widened or dropped on the way to BIO",
    "manifest.json": "the SHA-256 of every file, of each config's rows, and what all was made with",
    "croissant.json": "this description for machines (Croissant 1.0 with its RAI keys)",
    "CITATION.cff": "how to cite this version",
    "CHANGELOG.md": "what each version brought",
    "LICENSE": "the licence",
}

GLOSSARY = {
    "article": "a text as it was annotated, title included",
    "span": "a range of code points in an article with one label; its words are its *surface*",
    "reading": "one annotator's spans of one article, confirmed as complete",
    "gold": "the spans that hold: of one reading, of readings that agree, or an adjudicator's",
    "adjudication": "the decision of a third reader where two differ; its readings are no "
    "annotator's",
    "stand-off": "published without words: offsets, labels and hashes that fit one text only",
    "strict F1": "spans that both readings have with the same edges and label, counted on either "
    "side, over the spans of both",
    "interval": "95 %, from resampled articles (document bootstrap)",
    "IOB2": "tags of tokens: B- begins a span, I- continues it, O is outside",
}

LICENSE = """balise: named entities in French conflict news
Copyright balise contributors

The corpus and its annotations are licensed under the Creative Commons Attribution 4.0
International licence (CC BY 4.0): https://creativecommons.org/licenses/by/4.0/legalcode

You may share and adapt them, for any purpose, as long as you give credit to "balise contributors",
link to the licence and say what you changed.

Texts of stand-off rows are not part of this dataset and are not licensed here. A text whose row
names another licence is under that one.
"""
