"""The tables of `balise annotations audit`."""

from balise.annotations.anchoring import ENOUGH, Anchoring
from balise.annotations.audit import Audit
from balise.annotations.audit_annotators import AnnotatorAudit
from balise.annotations.same_texts import Agreements, Paired
from balise.bootstrap import Estimate
from balise.cli.common import print_table, summarise


def print_audit(made: Audit) -> None:
    """Print what became of the suggestions, who accepts them, and what showing them changed."""
    suggester = f"{made.suggester.name} {made.suggester.version}"
    _print_outcomes(made, suggester)
    _print_annotators(made.annotators)
    if not made.blind:
        summarise(
            False,
            {},
            "No blind reading is confirmed, so nothing shows what the suggestions changed: "
            "`balise tasks make --blind 0.1` gives each annotator some articles without",
        )
        return
    _print_suggester(made, suggester)
    _print_anchoring(made.anchoring)
    if made.paired.pairs:
        _print_paired(made.paired)
    _print_agreements(made.agreement)


def _print_outcomes(made: Audit, suggester: str) -> None:
    rows = (*made.labels, made.overall)
    print_table(
        f"Suggestions by {suggester} in {made.shown} readings that showed them",
        ("label", "shown", "accepted", "boundary", "type", "both", "rejected", "added"),
        [
            (
                row.label,
                row.suggested,
                row.accepted,
                row.boundary,
                row.type,
                row.boundary_and_type,
                row.rejected,
                row.added,
            )
            for row in rows
        ],
    )
    print_table(
        "Shares with 95 % intervals: of the suggestions, and of the spans marked those added",
        ("label", "accepted", "changed", "rejected", "added"),
        [
            (
                row.label,
                *map(_show, (row.acceptance, row.change, row.rejection, row.addition)),
            )
            for row in rows
        ],
    )


def _print_annotators(annotators: tuple[AnnotatorAudit, ...]) -> None:
    print_table(
        "Annotators: articles in which every suggestion stands, and the share of suggestions that "
        "stand where shown and where not",
        ("annotator", "kept whole", "accepted", "blind", "unaided", "difference"),
        [
            (
                each.readings.annotator,
                f"{each.kept_whole} of {each.with_suggestions}",
                _show(each.outcomes.acceptance),
                each.readings.blind,
                _show(Estimate(each.unaided.value, None)),
                _show_difference(each.difference),
            )
            for each in annotators
        ],
    )


def _print_suggester(made: Audit, suggester: str) -> None:
    print_table(
        f"{suggester} as {made.blind} readings see it that did not see its suggestions",
        ("label", "suggested", "marked", "precision", "recall", "F1"),
        [
            (
                row.label,
                row.suggested,
                row.marked,
                *map(_show, (row.precision, row.recall, Estimate(row.f1.value, None))),
            )
            for row in (*made.suggester.labels, made.suggester.overall)
        ],
    )


def _print_anchoring(made: Anchoring) -> None:
    print_table(
        "Suggested beside blind",
        ("articles", "readings", "spans an article", "in 1,000 characters", "suggestions stand"),
        [
            *(
                (
                    f"{name} ({each.articles})",
                    each.readings,
                    _show(each.per_article, 2),
                    _show(each.per_1000, 2),
                    _show(each.share),
                )
                for name, each in (("suggested", made.shown), ("blind", made.blind))
            ),
            (
                "difference",
                "",
                _show_difference(made.difference.per_article, 2),
                _show_difference(made.difference.per_1000, 2),
                _show_difference(made.difference.share),
            ),
        ],
    )
    if made.labels:
        print_table(
            f"Suggestions that stand, by label (from {ENOUGH} on either side)",
            ("label", "suggested", "blind", "difference"),
            [
                (
                    each.label,
                    _show(each.shown),
                    _show(each.blind),
                    _show_difference(each.difference),
                )
                for each in made.labels
            ],
        )


def _print_paired(made: Paired) -> None:
    print_table(
        f"The same {made.articles} articles read both ways, {made.pairs} pairs of readers",
        ("", "suggested", "blind", "difference"),
        [
            (name, _show(each.shown), _show(each.blind), _show_difference(each.difference))
            for name, each in (("F1 to suggestions", made.f1), ("suggestions stand", made.share))
        ],
    )


def _print_agreements(made: Agreements) -> None:
    print_table(
        "Agreement of two readers: strict F1",
        ("who saw the suggestions", "pairs", "articles", "F1"),
        [
            *(
                (name, each.pairs, each.articles, _show(each.f1))
                for name, each in (
                    ("both", made.both_shown),
                    ("one", made.one_blind),
                    ("neither", made.both_blind),
                )
                if each.pairs
            ),
            ("both less one", "", "", _show_difference(made.difference)),
        ],
    )


def _show(estimate: Estimate, digits: int = 3) -> str:
    if estimate.value is None:
        return "–"
    shown, bounds = f"{estimate.value:.{digits}f}", estimate.interval
    if bounds is None:
        return shown
    return f"{shown} ({bounds.low:.{digits}f}–{bounds.high:.{digits}f})"


def _show_difference(estimate: Estimate, digits: int = 3) -> str:
    """Write a difference with its sign; its bounds may be negative, hence « to »."""
    if estimate.value is None:
        return "–"
    shown, bounds = f"{estimate.value:+.{digits}f}", estimate.interval
    if bounds is None:
        return shown
    return f"{shown} ({bounds.low:+.{digits}f} to {bounds.high:+.{digits}f})"
