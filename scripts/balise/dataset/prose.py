"""The card's standing prose; figures are body.py's, the whole statement is corpus/README.md."""

SUMMARY = """
French news about armed conflict with eleven kinds of entities marked: persons, armed groups,
military forces, governments, organisations, places, facilities, weapons, events, casualties and
dates. The synthetic texts and all annotations were produced with a large language model, real texts
are stand-off; no professional human annotator took part.
"""

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
  hashes go out, sixteen bits each and salted with the row's `salt`: of its `surface`, and of up to
  five tokens `before` and `after` it. They find a span again in a page that changed, and do not
  tell a name. Where the text was not there when this was built they are missing.
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

SOURCES = """
The synthetic articles are original French texts written for this corpus with a large language
model, from public facts and in the manner of several registers of the press. They copy no source.
The rule they were written and reread under: no quotation of a real person, and no act ascribed to
one that is not publicly established. Remarks of unnamed witnesses and attributions to unnamed
sources belong to the genre and are invented. The articles are news in form only: nobody reported
them. A second instance of the model read each for facts, and corrected or blurred what it doubted.
"""

REAL_SOURCES = """
Rows that are not synthetic are real articles: French Wikinews of 2016 and 2017 as the WiNER-fr
corpus distributes it (source `winer-fr`, CC BY 2.5), and one press article of unknown licence
(source `seed`). They are stand-off, in splits of their own (`train_real`, `validation_real`,
`test_real`): `url`, `sha256` and `length` say which text their offsets belong to.
"""

ANNOTATION = """
Two annotators, `lm-1` and `lm-2`, and an adjudicator: all three are the same large language model,
working by the written guidelines. `lm-1` marked every article: a synthetic one while writing it,
reviewed by a second instance, a real one about conflict by reading it, one of general news from the
suggestions of a trained model, judged mark by mark. `lm-2` is another instance that read a part of
the articles blind, from text and guidelines alone. Where they differ, and where a consistency pass
found a surface read in two ways, the adjudicator decided under the guidelines. Agreement between
readings of one model measures how stable it is under the guidelines, not how well people would
agree. `decision` says how each article's spans came about: `single` reading, `agreed`, `majority`
or `adjudicated`.
"""

BIASES = """
- One model wrote and annotated: its turns of phrase, its knowledge and its mistakes are in both,
  and a model trained here may score better here than on real wire copy.
- Conflicts that French-language media cover widely are over-represented, and entity mentions are
  denser than in the press.
- Whether an actor is an ARMED_GROUP, MILITARY or GOVERNMENT is decided by its name under a fixed
  convention. It is a label, not a judgement on anyone's legitimacy.
- Facts come from memory of public sources and may be wrong in places.
"""

PERSONAL_DATA = """
The synthetic articles were written to name public figures only, in public roles. Of a stand-off
article neither text nor surfaces go out. A name in a text about war is sensitive all the same: do
not use the rows to build profiles of people.
"""

USES = """
Meant for training and testing named entity recognition on French conflict news, and for research
on annotation. Not meant for, and not fit for: targeting, surveillance or tracking of persons or
groups; decisions about people; counting casualties or events; use as news or as evidence of any
fact.
"""

LICENSING = """
Corpus and annotations: [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/), credit "balise
contributors". This covers the annotations of every row and the texts written for the corpus. A
text with another licence names it in its row; a stand-off text is not licensed here at all.
"""

CONTACT = """
To report an error, or to ask that an article or a name be withdrawn, open a discussion on the
dataset's page and give the row's `id`. A withdrawn article leaves the next version; name the
version you use.
"""

CITATION = """
```bibtex
@misc{{balise,
  title = {{balise: named entities in French conflict news}},
  author = {{{{balise contributors}}}},
  version = {{{version}}},
  note = {{Annotated corpus, CC BY 4.0}}
}}
```
"""

LICENSE = """balise: named entities in French conflict news
Copyright balise contributors

The corpus and its annotations are licensed under the Creative Commons Attribution 4.0
International licence (CC BY 4.0): https://creativecommons.org/licenses/by/4.0/legalcode

You may share and adapt them, for any purpose, as long as you give credit to "balise contributors",
link to the licence and say what you changed.

Texts of stand-off rows are not part of this dataset and are not licensed here. A text whose row
names another licence is under that one.
"""
