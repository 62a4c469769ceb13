"""Edits such as a newspaper makes to an article, ten kinds, that know where every letter went.

An edited text is a list of `(character, origin)`: the index in the old text that a character comes
from, or null for a new one. A span is still there where all its characters are, side by side.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from random import Random

from balise.records import Span

Edited = list[tuple[str, int | None]]
Edit = Callable[[str, Sequence[Span], Random], Edited]

_WORD = re.compile(r"[^\W\d_]{4,}")
_SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?!\s|$))+[.!?…]*\s*|\n+|[.!?]+\s*")
_PARAGRAPH = re.compile(r"[^\n]+\n*")
_INSERTED = "également notamment toutefois lui hier encore jeudi officiellement à Paris le groupe"


def unedited(text: str) -> Edited:
    return [(letter, at) for at, letter in enumerate(text)]


def follow(edited: Edited, spans: Iterable[Span]) -> tuple[str, list[tuple[int, int] | None]]:
    """Give the new text, and each span's new place, null where it is no more."""
    new = {origin: at for at, (_, origin) in enumerate(edited) if origin is not None}
    places: list[tuple[int, int] | None] = []
    for span in spans:
        first = new.get(span.start, -1)
        there = [new.get(at) for at in range(span.start, span.end)]
        whole = first >= 0 and there == list(range(first, first + len(there)))
        places.append((first, first + len(there)) if whole else None)
    return "".join(letter for letter, _ in edited), places


def mend_typos(text: str, spans: Sequence[Span], chance: Random) -> Edited:
    """Change, add or remove a letter in a twentieth of the longer words."""
    edited, words = unedited(text), list(_WORD.finditer(text))
    picked = chance.sample(words, min(len(words), max(3, len(words) // 20)))
    for word in sorted(picked, key=re.Match.start, reverse=True):
        at, kind = chance.randrange(word.start() + 1, word.end()), chance.randrange(3)
        if kind == 0:
            del edited[at]
        elif kind == 1:
            edited.insert(at, (chance.choice("aeinrst"), None))
        else:
            edited[at] = (chance.choice([e for e in "éèaeou" if e != text[at]]), None)
    return edited


def insert_words(text: str, spans: Sequence[Span], chance: Random) -> Edited:
    """Put one or two words into a twenty-fifth of the gaps between words."""
    edited, gaps = unedited(text), [gap.start() for gap in re.finditer(" ", text)]
    for at in sorted(chance.sample(gaps, max(2, len(gaps) // 25)), reverse=True):
        words = chance.sample(_INSERTED.split(), chance.choice((1, 1, 2)))
        edited[at:at] = _new(" " + " ".join(words))
    return edited


def remove_sentences(text: str, spans: Sequence[Span], chance: Random) -> Edited:
    """Remove a sixth of the sentences."""
    edited, sentences = unedited(text), [s.span() for s in _SENTENCE.finditer(text)]
    picked = chance.sample(sentences, max(1, len(sentences) // 6))
    for start, end in sorted(picked, reverse=True):
        del edited[start:end]
    return edited


def move_paragraph(text: str, spans: Sequence[Span], chance: Random) -> Edited:
    """Put a paragraph elsewhere; a sentence, where there is one paragraph only."""
    letters = unedited(text)
    for unit in (_PARAGRAPH, _SENTENCE):
        parts = [letters[part.start() : part.end()] for part in unit.finditer(text)]
        if len(parts) > 1:
            break
    at = chance.randrange(len(parts))
    moved = parts.pop(at)
    parts.insert(chance.choice([to for to in range(len(parts) + 1) if to != at] or [0]), moved)
    edited: Edited = []
    for part in parts:
        if edited and edited[-1][0] not in "\n ":
            edited += _new("\n")
        edited += part
    return edited


def change_title(text: str, spans: Sequence[Span], chance: Random) -> Edited:
    """Put another first line, which names three names of the text, in place of the old one."""
    head = text.split("\n", 1)[0]
    names = chance.sample(list(spans), min(3, len(spans)))
    title = _new("Ce que l’on sait : " + ", ".join(text[n.start : n.end] for n in names))
    if len(head) == len(text):
        return [*title, *_new("\n\n"), *unedited(text)]
    return [*title, *unedited(text)[len(head) :]]


def typeset_anew(text: str, spans: Sequence[Span], chance: Random) -> Edited:
    """Set other apostrophes, quotes, hyphens and spaces, in one of three manners."""
    manner, edited = chance.randrange(3), Edited()
    quotes = dict(zip("«»“”", "“”«»", strict=True)) if manner < 2 else {}
    for at, (letter, origin) in enumerate(unedited(text)):
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if letter in "’'":
            edited.append(("'" if letter == "’" else "’", origin))
        elif letter == " " and after and after in ":;!?»%":
            edited.append(("\u00a0" if manner < 2 else "\u202f", origin))
        elif letter == " " and ((after and after in ",.)") or before == "("):
            pass
        elif letter == " " and before == "«":
            if manner > 0:
                edited.append(("\u00a0", origin))
        elif letter in "\u00a0\u202f":
            edited.append((" ", origin))
        elif letter == "-" and manner == 1:
            edited.append(("\u2011", None))
        elif letter == "\n" and manner == 2:
            edited += [("\n", origin), ("\n", None)]
        else:
            edited.append((quotes.get(letter, letter), origin))
    return edited


def set_capitals(text: str, spans: Sequence[Span], chance: Random) -> Edited:
    """Set the first line and a quarter of the others in capitals."""
    edited, lines = unedited(text), [line.span() for line in _PARAGRAPH.finditer(text)]
    for start, end in [lines[0], *chance.sample(lines, max(1, len(lines) // 4))]:
        for at in range(start, end):
            if len(capital := text[at].upper()) == 1:
                edited[at] = (capital, edited[at][1])
    return edited


def correct_names(text: str, spans: Sequence[Span], chance: Random) -> Edited:
    """Change a letter inside an eighth of the spans, which are then gone."""
    edited = unedited(text)
    words = [
        span.start + word.start()
        for span in spans
        if (word := re.search(r"[^\W\d_]{3,}", text[span.start : span.end]))
    ]
    for start in chance.sample(words, max(1, len(words) // 8)) if words else ():
        edited[start + 1] = ("y" if text[start + 1] != "y" else "i", None)
    return edited


def say_again(text: str, spans: Sequence[Span], chance: Random) -> Edited:
    """Add a fifth of sentences, made of the text's names or of other sentences of it."""
    edited, sentences = unedited(text), [s.span() for s in _SENTENCE.finditer(text)]
    names = [text[span.start : span.end] for span in spans]
    for _, end in sorted(chance.sample(sentences, max(1, len(sentences) // 5)), reverse=True):
        if chance.random() < 0.5 or not names:
            three = [*chance.sample(names, min(3, len(names))), *["la région"] * 3]
            added = f"Selon {three[0]}, la situation à {three[1]} reste tendue après {three[2]}. "
        else:
            start, stop = chance.choice(sentences)
            words = text[start:stop].split()
            if len(words) > 3:
                words[chance.randrange(len(words))] = "ainsi"
                words.insert(chance.randrange(len(words)), "alors")
            added = " ".join(words) + " "
        edited[end:end] = _new(added if text[end - 1].isspace() else f" {added}")
    return edited


def put_boilerplate(text: str, spans: Sequence[Span], chance: Random) -> Edited:
    """Put a menu above, and below it links that name names of the text."""
    names = [text[s.start : s.end] for s in chance.sample(list(spans), min(6, len(spans)))]
    links = "".join(f"À lire aussi : {name}\n" for name in names)
    head = "Accueil | Monde | Politique\nPublié le 3 mai à 10 h 20\nPartager\n\n"
    foot = f"\n\n{links}Newsletter : recevez chaque matin l’essentiel\n© Tous droits réservés"
    return [*_new(head), *unedited(text), *_new(foot)]


EDITS: dict[str, Edit] = {
    "typos mended": mend_typos,
    "words inserted": insert_words,
    "sentences removed": remove_sentences,
    "paragraph moved": move_paragraph,
    "title changed": change_title,
    "typeset anew": typeset_anew,
    "capitals": set_capitals,
    "names corrected": correct_names,
    "said again": say_again,
    "boilerplate": put_boilerplate,
}


def edit_in_all_ways(text: str, spans: Sequence[Span], chance: Random) -> Edited:
    """Make seven of the edits, one on top of another."""
    edited = unedited(text)
    for kind in (0, 1, 2, 3, 5, 8, 9):
        edit = list(EDITS.values())[kind]
        now, places = follow(edited, spans)
        there = [Span(*place, "X") for place in places if place is not None]
        edited = [
            (letter, None if origin is None else edited[origin][1])
            for letter, origin in edit(now, there, chance)
        ]
    return edited


def _new(text: str) -> Edited:
    return [(letter, None) for letter in text]
