"""How far a batch's annotators are, as Doccano has it."""

from collections.abc import Callable, Iterable

import msgspec

from balise.batches import Batch
from balise.doccano.client import Server
from balise.doccano.findings import Finding
from balise.doccano.project import require_own
from balise.doccano.standing import Standing, look
from balise.doccano.wire import ServerExample
from balise.labels import LabelScheme

Track = Callable[[list[ServerExample]], Iterable[ServerExample]]


class Progress(msgspec.Struct, frozen=True):
    """One annotator's share: articles assigned, documents there and confirmed, spans by label.

    Spans are counted as Doccano's metrics count them, suggestions included. `last_activity` is
    the time (ISO 8601, as the server writes it) of the annotator's last confirmation, comment, or
    span in an unconfirmed document; null where there is none or where it was not asked for.
    """

    annotator: str
    assigned: int
    documents: int
    confirmed: int
    spans: int
    spans_an_article: float | None
    last_activity: str | None
    labels: dict[str, int]
    findings: tuple[Finding, ...]


class Watch:
    """Progress that can be asked for again and again: what does not change is asked for once.

    Last activity costs one request a document, those confirmed once and the others every time;
    without `activity` it is left out. `track` wraps the documents to show progress.
    """

    def __init__(
        self,
        batch: Batch,
        server: Server,
        labels: LabelScheme,
        *,
        activity: bool = True,
        track: Track = iter,
    ) -> None:
        self._batch = batch
        self._server = server
        self._labels = labels
        self._activity = activity
        self._track = track
        self._confirmed_at: dict[int, str] = {}

    def look(self) -> list[Progress]:
        """Count each annotator's documents and spans.

        Raises:
            BaliseError: a project is missing, or the server fails.
        """
        shares = self._batch.annotators.items()
        return [self._share(name, share.articles) for name, share in shares if share.articles]

    def _share(self, annotator: str, articles: tuple[str, ...]) -> Progress:
        server = self._server
        own = require_own(server, self._batch.batch, annotator)
        share = set(articles)
        expected = [meta for meta in self._batch.articles if meta.article in share]
        standing = look(server, own, expected, self._labels)
        documents = list(standing.documents.values())
        labels = server.label_counts(own.project)
        spans = sum(labels.values())
        return Progress(
            annotator=annotator,
            assigned=len(articles),
            documents=len(documents),
            confirmed=sum(one.is_confirmed for one in documents),
            spans=spans,
            spans_an_article=spans / len(documents) if documents else None,
            last_activity=self._last(standing, annotator) if self._activity else None,
            labels=labels,
            findings=standing.findings,
        )

    def _last(self, standing: Standing, annotator: str) -> str | None:
        server, project = self._server, standing.own.project
        users = [one.user for one in standing.members if one.username == annotator]
        times = [one.created_at for one in server.comments(project) if one.user in users]
        for example in self._track(list(standing.documents.values())):
            if not example.is_confirmed:
                spans = server.spans(project, example.id)
                times += [one.updated_at for one in spans if one.user in users and one.updated_at]
            elif example.id in self._confirmed_at:
                times.append(self._confirmed_at[example.id])
            else:
                states = server.confirmations(project, example.id)
                for state in states:
                    if state.confirmed_by in users:
                        self._confirmed_at[example.id] = state.confirmed_at
                        times.append(state.confirmed_at)
        return max(times, default=None)
