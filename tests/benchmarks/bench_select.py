"""Whether chosen articles are worth more than drawn ones, and why doubts are not the beam's.

Run with `pytest -s tests/benchmarks/bench_select.py` (about seven minutes on a free core; the
file's name keeps it out of the default run). The project's own train part plays a corpus of which
only START articles are annotated. A model is trained on them, each strategy chooses COUNT more,
and gold then tells what their annotators would have found: spans of the RARE labels that the
first articles have least of, and spans that the model misses or reads otherwise. Everything is
averaged over SEEDS.
"""

import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import spacy

from balise.confidence import find_recogniser, read_with_confidence
from balise.jsonl import write_jsonl
from balise.labels import LabelScheme
from balise.model.recipe import Recipe
from balise.model.train import train
from balise.origin import origin
from balise.pairing import Entity
from balise.records import Article, Gold
from balise.splits import Splits, load_splits
from balise.stores import load_articles, load_gold
from balise.tasks.candidates import Sources
from balise.tasks.select import STRATEGIES, rank_by_chance, select_articles
from conftest import ROOT

START, COUNT, RARE, STEPS, SEEDS = 20, 20, 4, 150, range(5)
BEAM = {"beam_width": 16, "beam_density": 0.0001}


class Study(NamedTuple):
    """The corpus of the study: articles and gold by id, and the parts they are in."""

    articles: dict[str, Article]
    gold: dict[str, Gold]
    parts: Splits

    def some(self, ids: Iterable[str]) -> list[Gold]:
        return [self.gold[id_] for id_ in sorted(ids)]

    def entities(self, ids: Iterable[str]) -> set[Entity]:
        return {Entity(r.article, s.start, s.end, s.label) for r in self.some(ids) for s in r.spans}

    def words(self, ids: Iterable[str]) -> int:
        return sum(len(str(self.articles[id_].text).split()) for id_ in ids)

    def train(self, ids: Iterable[str], seed: int, out: Path) -> Path:
        ids = tuple(sorted(ids))
        splits = Splits(seed, ids, self.parts.dev[:10], (), {})
        gold = self.some((*ids, *splits.dev))
        made_from = origin(gold, "study", seed)
        log = io.StringIO()
        recipe = Recipe(steps=STEPS, lexicon=ROOT / "corpus" / "lexicon")
        train(gold, self.articles, splits, made_from, out, log, recipe, seed)
        return out / "model-best"

    def predict(self, model: Path, ids: Iterable[str]) -> set[Entity]:
        nlp = spacy.load(model)
        return {
            Entity(id_, ent.start_char, ent.end_char, ent.label_)
            for id_ in ids
            for ent in nlp(self.articles[id_].text).ents
        }


@pytest.fixture(scope="module")
def study() -> Study:
    articles = load_articles(ROOT / "corpus")
    gold = load_gold(ROOT / "annotations" / "gold.jsonl")
    parts = load_splits(ROOT / "corpus" / "splits.json")
    return Study(articles, {record.article: record for record in gold}, parts)


@pytest.fixture(scope="module")
def first(study: Study, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Any]:
    """Draw the first articles for each seed and train the first model on them."""
    pool = [study.articles[id_] for id_ in study.parts.train]
    drawn = {}
    for seed in SEEDS:
        ids = [pick.article for pick in rank_by_chance(pool, 100 + seed)[:START]]
        drawn[seed] = ids, study.train(ids, seed, tmp_path_factory.mktemp("first") / "m")
    return drawn


def test_a_path_s_probabilities_tell_wrong_spans_better_than_the_beam_s(
    study: Study, first: dict[int, Any]
) -> None:
    from sklearn.metrics import roc_auc_score

    found: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for _, model in first.values():
        nlp = spacy.load(model)
        ner = find_recogniser(nlp, model)
        for id_ in study.parts.test:
            text = str(study.articles[id_].text)
            truth = study.entities([id_])
            doc = nlp.make_doc(text)
            [beam] = ner.scored_ents(ner.beam_parse([doc], **BEAM))
            by_edges = {
                (doc[start:end].start_char, doc[start:end].end_char, label): score
                for (start, end, label), score in beam.items()
            }
            [reading] = read_with_confidence(nlp, ner, [text])
            for span, probability in reading.spans:
                edges = (span.start, span.end, span.label)
                right = Entity(id_, *edges) in truth
                found["path"].append((right, probability))
                found["beam"].append((right, by_edges.get(edges, 0.0)))
    area = {name: roc_auc_score(*zip(*pairs, strict=True)) for name, pairs in found.items()}
    unsure = [right for right, probability in found["path"] if probability < 0.7]
    print(
        f"\n{len(found['path'])} predicted spans of the test part, area under the ROC curve of "
        f"right against wrong: path {area['path']:.3f}, beam {area['beam']:.3f}\n"
        f"below 0.7 stand {len(unsure)} of them, {1 - sum(unsure) / len(unsure):.0%} wrong"
    )
    assert area["path"] > area["beam"]


def test_chosen_articles_beside_drawn_ones(
    study: Study, first: dict[int, Any], labels: LabelScheme, tmp_path: Path
) -> None:
    rows: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for seed, (start, model) in first.items():
        place = tmp_path / str(seed)
        write_jsonl(place / "gold.jsonl", study.some(start))
        pool = [study.articles[id_] for id_ in sorted(study.parts.train)]
        write_jsonl(place / "corpus" / "pool.jsonl", pool)
        sources = Sources(place / "corpus", place, place / "gold.jsonl", place / "a", place / "t")
        counts = Counter(entity.label for entity in study.entities(start))
        rare = set(sorted(labels.names, key=lambda name: counts[name])[:RARE])
        for by in (*STRATEGIES, "mix"):
            name = None if by in ("diversity", "random") else str(model)
            made = select_articles(
                [by], COUNT, place / f"{by}.txt", sources, labels, place, name, seed=seed
            )
            ids = [each.article for each in made.chosen]
            truth, thousands = study.entities(ids), study.words(ids) / 1000
            unknown = truth - study.predict(model, ids)
            found = sum(entity.label in rare for entity in truth)
            rows[by].append((thousands, found / thousands, len(unknown) / thousands))
    print(
        f"\n{START} articles annotated, {COUNT} more chosen, {RARE} rarest labels, "
        f"{STEPS} steps, mean of {len(SEEDS)} seeds\n"
        f"{'':12}{'1000 words':>11}{'rare/1000':>11}{'unknown/1000':>14}"
    )
    means = {
        name: [sum(column) / len(column) for column in zip(*figures, strict=True)]
        for name, figures in rows.items()
    }
    for name, (words, rare_spans, unknown_spans) in means.items():
        print(f"{name:12}{words:11.2f}{rare_spans:11.1f}{unknown_spans:14.1f}")
    assert means["rarity"][1] > means["random"][1]
    assert means["mix"][1] > means["random"][1]
    assert means["uncertainty"][2] > means["random"][2]
