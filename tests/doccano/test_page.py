"""What an annotator does on the real page is what comes back, in code points."""

from collections.abc import Callable

import pytest

from balise.batches import load_batch
from balise.doccano.client import Server
from balise.doccano.credentials import Logins
from balise.doccano.pull import pull
from balise.doccano.push import push
from balise.jsonl import read_jsonl
from balise.labels import LabelScheme
from balise.records import Annotation
from browser import annotate, confirm, open_browser, open_document, sign_in, underlined
from small_batch import SmallBatch

pytestmark = pytest.mark.doccano


def test_suggestions_are_drawn_on_their_words_and_a_span_made_by_hand_comes_back(
    make: Callable[..., SmallBatch],
    server: Server,
    logins: Logins,
    labels: LabelScheme,
) -> None:
    batch = make("page")
    push(batch.make(["essai-goma-00000001"], suggest="lexicon"), server, logins, labels)
    project = server.require_project("page.anne")
    with open_browser() as page:
        sign_in(page, server.url, "anne", logins.password("anne"))
        open_document(page, server.url, project.id)
        assert underlined(page) == [("M23", "ARMED_GROUP")]
        annotate(page, "Goma", "l")
        annotate(page, "dix civils", "c")
        annotate(page, "L’ONU", "o")
        shown = underlined(page)
        confirm(page)
        page.goto(f"{server.url}/projects/{project.id}/guideline")
        page.wait_for_selector("text=PERSON : un individu nommé.", state="attached")
    assert set(shown) == {
        ("Goma", "LOCATION"),
        ("M23", "ARMED_GROUP"),
        ("dix civils", "CASUALTIES"),
        ("L’ONU", "ORGANIZATION"),
    }
    pull(load_batch(batch.folder), server, batch.articles, labels, batch.annotations)
    [reading] = read_jsonl(batch.annotations / "page" / "anne.jsonl", Annotation)
    text = str(batch.articles[reading.article].text)
    assert [(text[span.start : span.end], span.label) for span in reading.spans] == [
        ("Goma", "LOCATION"),
        ("M23", "ARMED_GROUP"),
        ("dix civils", "CASUALTIES"),
        ("L’ONU", "ORGANIZATION"),
    ]
