"""The next articles to annotate are chosen, and why each was is written beside their list."""

import functools
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from balise.errors import BaliseError, UsageError
from balise.files import write_files
from balise.jsonl import encode_jsonl
from balise.labels import LabelScheme
from balise.lexicon import LEXICON
from balise.records import Article
from balise.tasks.candidates import Candidates, Pick, Sources, load_candidates
from balise.tasks.select_diversity import rank_by_diversity
from balise.tasks.select_rarity import rank_by_rarity
from balise.tasks.select_uncertainty import rank_by_uncertainty
from balise.tasks.selection import Selected, records_file, refuse_used
from balise.tasks.suggest import Track, as_it_is
from balise.tasks.suggesters import NONE, Suggester, load_suggester

UNCERTAINTY, RARITY, DIVERSITY, RANDOM = "uncertainty", "rarity", "diversity", "random"
STRATEGIES = (UNCERTAINTY, RARITY, DIVERSITY, RANDOM)
MIX = "mix"


class Selection(msgspec.Struct, frozen=True):
    """The two files of a selection, what it chose from, and the strategies that could not be."""

    articles: str
    records: str
    asked: int
    candidates: int
    chosen: tuple[Selected, ...]
    left_out: dict[str, str]


def select_articles(
    by: Sequence[str],
    count: int,
    out: Path,
    sources: Sources,
    labels: LabelScheme,
    lexicon: Path,
    model: str | None = None,
    source: str | None = None,
    seed: int = 0,
    track: Track = as_it_is,
) -> Selection:
    """Choose articles that nobody has yet; write their ids to `out` and the reasons beside it.

    With several strategies each in turn gives its best article that is not chosen yet. The
    strategy `mix` is all that are possible: uncertainty needs a model, rarity needs gold. Where
    there are fewer candidates than `count`, all are chosen.

    Raises:
        UsageError: a strategy is unknown or lacks its model, or `out` cannot be meant.
        BaliseError: no article is left, a strategy lacks gold or a fitting pipeline, a file is
            broken, or `out` holds what is in use; nothing was written.
    """
    _check_strategies(by)
    records = records_file(out, sources)
    candidates = load_candidates(sources, source)
    refuse_used(out, records, candidates.taken)
    left_out = _impossible(by, model, candidates, sources, lexicon)
    names = [name for name in _spell_out(by) if name not in left_out]
    # Loaded once, and only where a strategy asks for it.
    suggester = functools.cache(lambda: _load(model, lexicon, labels))
    share = -(-count // len(names))
    rankings = {
        name: _rank(name, candidates, labels, suggester, share, seed, track) for name in names
    }
    chosen = tuple(
        Selected(
            article=pick.article,
            rank=rank,
            strategy=name,
            score=pick.score,
            reason=pick.reason,
            origin=_describe(suggester()) if name in (UNCERTAINTY, RARITY) else None,
            seed=seed,
        )
        for rank, (name, pick) in enumerate(take_turns(rankings, count), start=1)
    )
    # The list last: where it stands, its reasons do too.
    write_files(
        {records: encode_jsonl(chosen), out: "".join(f"{each.article}\n" for each in chosen)}
    )
    return Selection(str(out), str(records), count, len(candidates.articles), chosen, left_out)


def take_turns(rankings: Mapping[str, Sequence[Pick]], count: int) -> list[tuple[str, Pick]]:
    """Let each ranking in turn give its first pick whose article is not chosen yet."""
    waiting = {name: iter(ranking) for name, ranking in rankings.items()}
    chosen: dict[str, tuple[str, Pick]] = {}
    while waiting and len(chosen) < count:
        for name in tuple(waiting):
            pick = next((each for each in waiting[name] if each.article not in chosen), None)
            if pick is None:
                del waiting[name]
            elif len(chosen) < count:
                chosen[pick.article] = (name, pick)
    return list(chosen.values())


def rank_by_chance(articles: Sequence[Article], seed: int = 0) -> list[Pick]:
    """Shuffle the articles."""
    ids = sorted(article.id for article in articles)
    random.Random(seed).shuffle(ids)  # noqa: S311 - a lot, not a secret
    return [Pick(id_, None, f"drawn from {len(ids)} candidates by chance") for id_ in ids]


def _rank(
    name: str,
    candidates: Candidates,
    labels: LabelScheme,
    suggester: Callable[[], Suggester],
    share: int,
    seed: int,
    track: Track,
) -> list[Pick]:
    if name == RANDOM:
        return rank_by_chance(candidates.articles, seed)
    if name == DIVERSITY:
        return rank_by_diversity(candidates.articles, candidates.annotated, share, seed)
    if name == RARITY:
        return rank_by_rarity(candidates.articles, candidates.gold, suggester(), labels, track)
    return rank_by_uncertainty(candidates.articles, suggester(), track)


def _load(model: str | None, lexicon: Path, labels: LabelScheme) -> Suggester:
    suggester = load_suggester(model or LEXICON, lexicon, labels, "--model")
    if suggester is None:
        raise UsageError("--model", f"{NONE!r} is no pipeline", "name one, or leave it out")
    return suggester


def _describe(suggester: Suggester) -> str:
    return f"{suggester.name.name} {suggester.name.version}"


def _spell_out(by: Sequence[str]) -> Sequence[str]:
    return STRATEGIES if MIX in by else by


def _check_strategies(by: Sequence[str]) -> None:
    unknown = [name for name in by if name not in (*STRATEGIES, MIX)]
    if not by or unknown or len(set(by)) < len(by) or (MIX in by and len(by) > 1):
        raise UsageError(
            "--by",
            f"{','.join(by)!r} is no choice of strategies",
            f"give {MIX}, or some of {', '.join(STRATEGIES)}, each once and separated by commas",
        )


def _impossible(
    by: Sequence[str], model: str | None, candidates: Candidates, sources: Sources, lexicon: Path
) -> dict[str, str]:
    """Say which strategies of a mix lack what they need; one that was named must have it."""
    names = _spell_out(by)
    if model is not None and not {UNCERTAINTY, RARITY} & set(names):
        raise UsageError(
            "--model", f"is not used by {', '.join(by)}", "leave it out, or choose another --by"
        )
    missing: dict[str, str] = {}
    if UNCERTAINTY in names and model is None:
        missing[UNCERTAINTY] = "no --model"
    if RARITY in names and not candidates.gold:
        missing[RARITY] = f"no gold in {sources.gold}"
    elif RARITY in names and model is None and not lexicon.is_dir():
        missing[RARITY] = f"neither --model nor a lexicon in {lexicon}"
    if MIX in by or not missing:
        return missing
    if UNCERTAINTY in missing:
        raise UsageError(
            "--by uncertainty", "no pipeline is named", "name one with --model, or leave it out"
        )
    raise BaliseError(
        "--by rarity",
        f"it counts suggested labels against gold, and there is {missing[RARITY]}",
        "make gold with `balise annotations gold` or name what suggests, or choose another --by",
    )
