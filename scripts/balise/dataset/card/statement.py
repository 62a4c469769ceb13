"""What no figure says: how the data came about, what is wrong with it, what it is for.

Card and Croissant tell the same. The whole statement is corpus/README.md; its facts are these.
"""

SUMMARY = """
French news about armed conflict in which {kinds} kinds of entities are marked: {labels}. The
synthetic texts and all annotations were produced with a large language model, real texts are
stand-off; no professional human annotator took part.
"""

RATIONALE = """
Models that are sold for French in general mislabel what news about war is full of: armed groups,
forces, weapons, counts of victims. Press articles about it cannot be republished. So articles were
written anew, which anyone may use and correct, and real texts that nobody here wrote were annotated
beside them, to show what a score on the others is worth. Conflicts, regions, decades and registers
were chosen for variety, and the texts were written densely, so that each label occurs often enough
to be learnt and measured. Some are near-misses, with the words of war and little or none of it.
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
Rows that are not synthetic are real articles: French Wikinews as the WiNER-fr corpus distributes it
(source `winer-fr`, CC BY 2.5), about conflict or drawn at random from general news with
near-duplicates left out, and one press article of unknown licence (source `seed`). They are
stand-off, in splits of their own (`train_real`, `validation_real`, `test_real`). The labels that
come with WiNER-fr were not looked at.
"""

PREPROCESSING = """
A text is its title, a blank line and the body, where a title was supplied, and the body or file
alone otherwise, in NFC with line feeds; it is never changed once it is annotated, and its SHA-256
says so.
"""

PRODUCERS = """
No human wrote the synthetic articles: a large language model did, by instructions, in the manner of
professional journalists and of non-governmental organisations.
"""

REAL_PRODUCERS = """
The real articles are by the volunteers of French Wikinews; the author of the seed article is
unknown.
"""

ANNOTATION = """
Spans were marked by written guidelines; `labels.json` has the definition of each label. `lm-1`
marked every article: a synthetic one while writing it, reviewed by a second instance, a real one
about conflict by reading it, one of general news from the suggestions of a trained model, judged
mark by mark. `lm-2` read a part of the articles blind, from text and guidelines alone. Where they
differ, and where a consistency pass found a surface read in two ways, an adjudicator decided under
the guidelines. Annotators' readings were not changed afterwards. Every span that came in is kept,
trimmed at its edges or dropped, with a reason, in a ledger that adds up.
"""

ANNOTATORS = """
Two annotators, `lm-1` and `lm-2`, and an adjudicator: all three are instances of one large language
model. No professional human annotator marked or checked anything.
"""

READING_AGREEMENT = """
Agreement between readings of one model says how stable the model is under the guidelines. It does
not say how well people would agree, and is no upper bound for a model.
"""

PERSONAL = (
    "The synthetic articles were written to name public figures only, in public roles; victims and "
    "witnesses are unnamed or bear an invented name.",
    "Real articles name whom their authors named. Of a stand-off article neither text nor surfaces "
    "go out, only offsets and salted hashes of sixteen bits, each of which fits one word in "
    "65,536; whoever guesses a passage can test the guess against them.",
    "Persons, places and the groups that they are said to belong to stand beside acts of violence. "
    "That is sensitive even where it is public.",
    "Annotators go out under pseudonyms.",
)

BIASES = (
    "One model wrote and annotated: its turns of phrase, its knowledge and its mistakes are in "
    "both, and a model trained here may score better here than on real wire copy.",
    "Conflicts that French-language media cover widely are over-represented; the choice of events, "
    "names and words carries that view.",
    "In the synthetic articles entities are denser than in the press, weapons, facilities and "
    "counts of victims above all: frequencies are no facts about the news.",
    "Whether an actor is an ARMED_GROUP, MILITARY or GOVERNMENT is decided by its name under a "
    "fixed convention. It is a label, not a judgement on anyone's legitimacy.",
    "General news was read from a model's suggestions, so that an error which the reader let stand "
    "is in gold, and a model like that one is flattered where such articles tune it.",
)

LIMITATIONS = (
    "Facts come from a model's memory of public sources and may be wrong in places; articles are "
    "situated at their day, and fronts, leaders and names have changed since.",
    "The real articles come from few years of one source, in the plain style of volunteers.",
    "Articles with one reading were looked at again only by the consistency pass and, in part, in "
    "an audit by the same model.",
    "The guidelines grew while articles were read, and earlier readings were not made again.",
    "Scores hold for news of this kind and language; they say nothing of speech, social media or "
    "other languages.",
)

RECOMMENDATIONS = (
    "Report scores on real and on synthetic splits apart, and let the real ones count.",
    "Before a model is put to use, test it on texts of its place of use that people annotated.",
    "Do not set agreement beside a score as what people reach.",
    "Name the version of the dataset and of the label scheme, and take over withdrawals from the "
    "newest `manifest.json`.",
    "Keep `synthetic`, `license` and `attribution` with every row that you pass on.",
)

USES = (
    "training and testing named entity recognition on French news about armed conflict;",
    "research on annotation, on agreement and on synthetic corpora;",
    "teaching.",
)

MISUSES = (
    "targeting, surveillance or tracking of persons, groups or places, by anyone's forces;",
    "decisions about people (asylum, policing, sanctions, moderation) without human judgement;",
    "news, or evidence of any event, act, figure or guilt: the synthetic articles report nothing, "
    "and must not be passed off as real;",
    "counting victims or incidents, or measuring how often something happens;",
    "profiles of people, alone or joined with other sources, and guessing the words of stand-off "
    "rows.",
)

SOCIAL_IMPACT = """
A recogniser of armed groups, forces and weapons serves an archivist and a targeting cell alike.
What it finds is a guess: treated as fact it can harm people who are named near violence. Actors
and places that French-language media seldom write about must be expected to be missed more often.
"""

LICENSING = """
Corpus and annotations: [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/), credit "balise
contributors". This covers the annotations of every row and the texts written for the corpus. A
text with another licence names it in its row; a stand-off text is not licensed here at all.
"""

CONTACT = """
To report an error, or to ask that an article or a name be withdrawn, open a discussion on the
dataset's page and give the row's `id`. Whoever holds a right in a text, or is named in one, need
not give a reason.
"""

MAINTENANCE = """
Versions are numbered X.Y.Z, and `CHANGELOG.md` says what each brought. A withdrawn article leaves
the next version for good and is named in its `manifest.json`; copies of older versions are out of
the project's control. A corrected text is a new article with a new id. Texts that are not here
cannot be restored from the rows, and may change or vanish at their source.
"""
