"""Texts come back from the web where the page is still the one that was annotated."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from urllib.parse import quote

import msgspec
import pytest
from typer.testing import CliRunner, Result

from balise.cli.main import app
from balise.dataset.rehydration.bare import Bare, bare_of_dataset
from balise.dataset.rehydration.download import Downloader, Limits
from balise.dataset.rehydration.harvest import Harvest
from balise.dataset.rehydration.page_cache import PageCache, StoredPage
from balise.dataset.rehydration.polite import Polite
from balise.dataset.rehydration.reanchor import Reanchored
from balise.dataset.rehydration.web_texts import collect_pages, page_texts
from balise.docbin import LONGEST
from balise.errors import BaliseError
from balise.files import locked
from balise.jsonl import read_jsonl
from balise.records import Span
from balise.text import sha256
from balise.webpage import extract_page
from dataset.project import Project, snapshot
from markup import gold, markup
from page_server import PageServer, Reply, page, serve
from text_edits import EDITS, follow

TITLE = "Une attaque fait neuf morts près de Ménaka"
BODY = (
    "Des hommes du [JNIM](ARMED_GROUP) ont tué [neuf soldats](CASUALTIES) près de "
    "[Ménaka](LOCATION), dans le nord-est du pays, a annoncé l’[armée malienne](MILITARY) "
    "[mardi soir](DATE) dans un communiqué.\n"
    "Le général [Oumar Diarra](PERSON) s’est rendu sur place avec le ministre de la défense ; "
    "il a promis une réponse ferme aux assaillants qui se sont enfuis vers la frontière.\n"
    "À [Gao](LOCATION), des habitants disent avoir entendu des [hélicoptères](WEAPON) toute la "
    "nuit, et les écoles de la ville sont restées fermées le lendemain matin."
)
MARKED = f"{TITLE}\n\n{BODY}"
TEXT, SPANS = markup(MARKED)


def html(text: str) -> str:
    """Set a text as a newspaper's page: its first line as heading, the others as paragraphs."""
    title, *lines = text.split("\n")
    paragraphs = "".join(f"<p>{line}</p>" for line in lines if line.strip())
    return (
        f'<!DOCTYPE html><html lang="fr"><head><title>{title}</title></head><body>'
        "<nav><a href='/'>Accueil</a> <a href='/monde'>Monde</a></nav>"
        f"<article><h1>{title}</h1>{paragraphs}</article><footer>© Journal</footer></body></html>"
    )


def extracted(text: str) -> str:
    return page_texts(StoredPage("u", "u", None, None, None, html(text).encode()))[0]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[PageServer]:
    monkeypatch.setenv("NO_PROXY", "*")
    with serve() as pages:
        yield pages


@pytest.fixture
def rows(project: Project, server: PageServer) -> Callable[..., Path]:
    """Return what builds a dataset of stand-off articles, with the address of each by its id."""

    def build(hashes: bool = True, **addresses: str | None) -> Path:
        pairs = [
            gold(id_.replace("_", "-"), MARKED, url=url, source="neuf", license="CC-BY-4.0")
            for id_, url in addresses.items()
        ]
        if not hashes:
            pairs = [(msgspec.structs.replace(article, text=None), g) for article, g in pairs]
        project.write(pairs)
        project.build()
        return project.out

    return build


def collect(rows: dict[str, Bare], cache: Path, *, refresh: bool = False) -> Harvest:
    polite = Polite(Downloader(None, Limits()), 0.0, sleep=lambda _: None)
    return collect_pages(rows, polite, PageCache(cache), refresh=refresh)


def call(*arguments: object) -> Result:
    words = ["dataset", "rehydrate", *map(str, arguments), "--pause", "0"]
    return CliRunner().invoke(app, words)


@pytest.fixture
def fetch(tmp_path: Path) -> Callable[..., Result]:
    """Return what calls the command with --fetch and folders below the test's own."""
    place = ("--out", tmp_path / "texts", "--pages", tmp_path / "pages")
    return lambda folder, *more: call(folder, "--fetch", *place, *more)


def test_the_page_as_it_was_gives_the_text(
    server: PageServer, rows: Callable[..., Path], fetch: Callable[..., Result], tmp_path: Path
) -> None:
    folder = rows(neuf_a=server.put("/a", page(html(TEXT))))
    assert extracted(TEXT) == TEXT
    done = fetch(folder, "--json")
    assert (done.exit_code, json.loads(done.stdout)["written"]) == (0, ["neuf-a"])
    assert (tmp_path / "texts" / "neuf-a.txt").read_text(encoding="utf-8") == TEXT


def test_a_text_stored_without_its_title_and_a_plain_one_come_back_too(
    server: PageServer, tmp_path: Path
) -> None:
    body = TEXT.split("\n\n", 1)[1]
    server.put("/a", page(html(TEXT)))
    server.put("/b", Reply("Énoncé\r\nbrut".encode(), headers={"Content-Type": "text/plain"}))
    wanted = {
        id_: Bare(id_, sha256(text), len(text), server.url(f"/{id_}"))
        for id_, text in (("a", body), ("b", "Énoncé\nbrut"))
    }
    assert collect(wanted, tmp_path / "pages").found == {"a": body, "b": "Énoncé\nbrut"}


def test_what_is_here_is_asked_nothing_about(
    server: PageServer, rows: Callable[..., Path], fetch: Callable[..., Result], tmp_path: Path
) -> None:
    folder = rows(neuf_a=server.put("/a", page(html(TEXT))))
    fetch(folder)
    asked, files = list(server.asked), snapshot(tmp_path)
    again = fetch(folder)
    assert again.exit_code == 0
    assert "0 texts came back, 1 were here" in again.output
    assert (server.asked, snapshot(tmp_path)) == (asked, files)


def test_a_page_in_the_cache_is_asked_for_only_to_refresh_it(
    server: PageServer, rows: Callable[..., Path], tmp_path: Path
) -> None:
    changed = TEXT.replace("neuf", "dix")
    url = server.put("/a", page(html(changed), ETag='"1"'))
    wanted, cache = bare_of_dataset(rows(neuf_a=url)), tmp_path / "pages"
    assert collect(wanted, cache).changed.keys() == {"neuf-a"}
    asked = len(server.asked)
    assert collect(wanted, cache).changed.keys() == {"neuf-a"}
    assert len(server.asked) == asked
    assert collect(wanted, cache, refresh=True).changed.keys() == {"neuf-a"}
    assert server.requests[-1]["If-None-Match"] == '"1"'
    server.put("/a", page(html(TEXT), ETag='"2"'))
    assert collect(wanted, cache, refresh=True).found == {"neuf-a": TEXT}
    server.replies.clear()
    asked = len(server.asked)
    for refresh in (False, True):  # a page that gives the text is not asked about again
        assert collect(wanted, cache, refresh=refresh).found == {"neuf-a": TEXT}
    assert len(server.asked) == asked


@pytest.mark.parametrize("now", [page(html(TEXT.replace("neuf", "dix"))), Reply(status=404)])
def test_a_kept_page_that_is_right_is_neither_asked_for_nor_replaced(
    server: PageServer, tmp_path: Path, now: Reply
) -> None:
    url, cache = server.put("/a", page(html(TEXT))), tmp_path / "pages"
    right = Bare("a", sha256(TEXT), len(TEXT), url)
    # Another article of this address, as its page was at another time.
    wrong = Bare("b", sha256("other"), len("other"), url)
    assert collect({"a": right}, cache).found == {"a": TEXT}
    asked, kept = list(server.asked), snapshot(cache)
    server.put("/a", now)
    found = collect({"b": wrong, "a": right}, cache, refresh=True)
    assert (found.found, found.changed.keys(), found.failed) == ({"a": TEXT}, {"b"}, ())
    assert (server.asked, snapshot(cache)) == (asked, kept)


def test_a_broken_file_of_the_cache_is_as_none(
    server: PageServer, rows: Callable[..., Path], tmp_path: Path
) -> None:
    wanted = bare_of_dataset(rows(neuf_a=server.put("/a", page(html(TEXT)))))
    collect(wanted, tmp_path / "pages")
    [kept] = (tmp_path / "pages").iterdir()
    kept.write_bytes(kept.read_bytes()[:50])
    assert collect(wanted, tmp_path / "pages").found == {"neuf-a": TEXT}


@pytest.mark.parametrize("kind", EDITS)
def test_an_edited_page_is_refused_or_its_spans_are_put_on_it(
    server: PageServer,
    rows: Callable[..., Path],
    fetch: Callable[..., Result],
    tmp_path: Path,
    kind: str,
) -> None:
    edited, places = follow(EDITS[kind](TEXT, SPANS, Random(1)), SPANS)
    folder = rows(neuf_a=server.put("/a", page(html(edited))))
    new = extracted(edited)
    assert new != TEXT
    refused = fetch(folder)
    assert refused.exit_code == 1
    assert f"sha256 {sha256(new)[:12]}…, but neuf-a was annotated on {sha256(TEXT)[:12]}…" in (
        refused.output
    )
    assert not (tmp_path / "texts").exists()

    moved = fetch(folder, "--reanchor")
    assert moved.exit_code == 0, moved.output
    [record] = read_jsonl(tmp_path / "texts" / "reanchored.jsonl", Reanchored)
    assert (record.text, record.sha256, record.expected) == (new, sha256(new), sha256(TEXT))
    assert record.kept + record.moved == len(record.spans)
    assert len(record.spans) + len(record.refused) == len(SPANS)
    assert len(places) - places.count(None) - 3 <= len(record.spans)
    for span in record.spans:
        was = TEXT[span.old_start : span.old_end]
        assert new[span.start : span.end].casefold() == was.casefold()
    assert [path.name for path in (tmp_path / "texts").iterdir()] == ["reanchored.jsonl"]


def test_records_of_other_articles_stay_and_those_that_came_back_go(
    server: PageServer, rows: Callable[..., Path], fetch: Callable[..., Result], tmp_path: Path
) -> None:
    other = page(html(TEXT.replace("neuf soldats", "dix soldats")))
    records = tmp_path / "texts" / "reanchored.jsonl"

    def run(**replies: Reply) -> list[str]:
        folder = rows(**{id_: server.put(f"/{id_}", reply) for id_, reply in replies.items()})
        fetch(folder, "--reanchor", "--refresh")
        return [each.article for each in read_jsonl(records, Reanchored)]

    assert run(neuf_a=other) == ["neuf-a"]
    assert run(neuf_b=other) == ["neuf-a", "neuf-b"]
    assert run(neuf_b=other) == ["neuf-a", "neuf-b"]
    assert run(neuf_a=page(html(TEXT))) == ["neuf-b"]


def test_rows_without_hashes_are_refused_with_that_reason(
    server: PageServer, rows: Callable[..., Path], fetch: Callable[..., Result]
) -> None:
    folder = rows(hashes=False, neuf_a=server.put("/a", page(html(TEXT.replace("neuf", "dix")))))
    done = fetch(folder, "--reanchor")
    assert done.exit_code == 1
    assert f"0 spans kept, 0 moved, {len(SPANS)} refused" in done.output
    assert "LOCATION: no hashes" in done.output


def test_a_text_too_long_for_an_article_gets_no_spans(
    server: PageServer, rows: Callable[..., Path], fetch: Callable[..., Result]
) -> None:
    endless = Reply(b"mot " * (LONGEST // 4 + 1), headers={"Content-Type": "text/plain"})
    done = fetch(rows(neuf_a=server.put("/a", endless)), "--reanchor", "--json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    assert ([each["article"] for each in found["refused"]], found["reanchored"]) == (["neuf-a"], [])


def test_files_that_changed_are_reanchored_like_pages(
    rows: Callable[..., Path], project: Project, tmp_path: Path
) -> None:
    rows(neuf_a=None)
    article, record = gold("neuf-a", MARKED, path="lot/a.txt", source="neuf", license="CC-BY-4.0")
    project.write([(article, record)])
    project.build()
    source = tmp_path / "sources" / "a.txt"
    source.parent.mkdir()
    place = ("--texts", source.parent, "--out", tmp_path / "texts", "--reanchor")
    source.write_text(f"Mis à jour.\n{TEXT}", encoding="utf-8")
    done = call(project.out, *place, "--json")
    assert done.exit_code == 0, done.output
    [moved] = json.loads(done.stdout)["reanchored"]
    assert (moved["place"], moved["moved"]) == (str(source), len(SPANS))
    source.write_text(TEXT, encoding="utf-8")
    assert "1 texts came back" in call(project.out, *place).output
    assert (tmp_path / "texts" / "neuf-a.txt").read_text(encoding="utf-8") == TEXT
    assert read_jsonl(tmp_path / "texts" / "reanchored.jsonl", Reanchored) == []


def test_a_text_that_is_a_files_and_a_row_without_address_are_passed_over(
    server: PageServer, tmp_path: Path
) -> None:
    wanted = {
        "a": Bare("a", "0", 1, server.url("/a"), "2016/01/a.txt", "winer-fr"),
        "b": Bare("b", "0", 1),
    }
    found = collect(wanted, tmp_path / "pages")
    assert [(each.article, each.place, each.problem) for each in found.passed] == [
        ("a", "2016/01/a.txt", "the text is a file of winer-fr, not that of a page"),
        ("b", "", "no address is known"),
    ]
    assert all("--texts" in each.remedy for each in found.passed)
    assert server.asked == []


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(status=404), "the server answers 404"),
        (Reply(b"\xe9", headers={"Content-Type": "text/html; charset=utf-8"}), "encoding, utf-8"),
        (Reply(b"%PDF", headers={"Content-Type": "application/pdf"}), "is application/pdf, no"),
        (page("<html><body></body></html>"), "no article text found"),
        (Reply(status=302, headers={"Location": "mailto:a@b.c"}), "not an address of the web"),
    ],
)
def test_what_gives_no_text_is_named_and_stops_nothing(
    server: PageServer,
    rows: Callable[..., Path],
    fetch: Callable[..., Result],
    tmp_path: Path,
    reply: Reply,
    said: str,
) -> None:
    good = server.put("/b", page(html(TEXT)))
    done = fetch(rows(neuf_a=server.put("/a", reply), neuf_b=good))
    assert done.exit_code == 1
    assert said in done.output
    assert "1 texts came back" in done.output
    assert "1 not to be had" in done.output
    assert (tmp_path / "texts" / "neuf-b.txt").is_file()


@pytest.mark.parametrize(
    ("encoding", "header", "meta"),
    [
        ("windows-1252", "", "windows-1252"),
        ("windows-1252", "; charset=ISO-8859-1", ""),
        ("macintosh", "; charset=macintosh", "windows-1252"),
        ("utf-16", "", ""),
        ("utf-8", "; charset=ISO-8859-1", "iso-8859-1"),
        ("utf-8", '; charset="utf-8"', ""),
    ],
)
def test_a_page_is_read_in_its_encoding_whoever_declares_it(
    encoding: str, header: str, meta: str
) -> None:
    text = html(TEXT).replace("<head>", f'<head><meta charset="{meta}">' if meta else "<head>")
    kept = StoredPage("u", "u", f"text/html{header}", None, None, text.encode(encoding))
    assert page_texts(kept)[0] == TEXT


@pytest.mark.parametrize(
    "charset", ["klingon", "rot13", "unicode_escape", "raw_unicode_escape", "utf-7", "idna"]
)
def test_a_charset_that_is_none_is_named(charset: str) -> None:
    with pytest.raises(BaliseError, match=f"not in its encoding, {charset}"):
        extract_page("é \\ud800 +2AA-".encode("latin-1"), "page", charset)


def test_a_redirect_to_another_host_is_told(
    server: PageServer, rows: Callable[..., Path], fetch: Callable[..., Result]
) -> None:
    server.put("/b", page(html(TEXT)))
    moved = Reply(status=301, headers={"Location": server.url("/b", "localhost")})
    done = fetch(rows(neuf_a=server.put("/a", moved)))
    assert done.exit_code == 0
    assert f"/a is at another host now: {server.url('/b', 'localhost')}" in done.output


def test_two_fetches_at_once_would_ask_twice_as_often_and_are_refused(tmp_path: Path) -> None:
    with locked(tmp_path / "pages"), pytest.raises(BaliseError, match="another balise"):
        collect({}, tmp_path / "pages")


def test_hosts_take_turns_and_addresses_may_have_accents(
    server: PageServer, tmp_path: Path
) -> None:
    for path in ("/a", "/b", "/c", quote("/é_:_«d»", safe="/:")):
        server.put(path, page(html(TEXT)))
    hosts = ("127.0.0.1", "127.0.0.1", "localhost", "localhost")
    wanted = {
        path: Bare(path, sha256(TEXT), len(TEXT), server.url(path, host))
        for path, host in zip(("/a", "/b", "/c", "/é_:_«d»"), hosts, strict=True)
    }
    assert collect(wanted, tmp_path / "pages").found.keys() == wanted.keys()
    pages = [path for path in server.asked if path != "/robots.txt"]
    assert pages == ["/a", "/c", "/b", quote("/é_:_«d»", safe="/:")]


# Started in the background, a test run ignores Ctrl-C, and so would its children.
FETCH = """
import signal
import sys
from balise.cli.main import app
signal.signal(signal.SIGINT, signal.default_int_handler)
app(["dataset", "rehydrate", *sys.argv[1:]])
"""


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGKILL])
def test_what_was_fetched_before_an_interruption_is_kept(
    server: PageServer,
    rows: Callable[..., Path],
    fetch: Callable[..., Result],
    tmp_path: Path,
    signal_: signal.Signals,
) -> None:
    children: list[subprocess.Popen[bytes]] = []

    def interrupt(write: Callable[[bytes], object]) -> None:
        # The first page has been answered and read: one is asked for at a time.
        children[0].send_signal(signal_)
        children[0].wait()

    good, slow = page(html(TEXT)), Reply(after=interrupt)
    folder = rows(neuf_a=server.put("/a", good), neuf_b=server.put("/b", slow, good))
    place = ("--out", tmp_path / "texts", "--pages", tmp_path / "pages", "--pause", "0")
    words = [sys.executable, "-c", FETCH, folder, "--fetch", *place]
    children.append(
        subprocess.Popen(
            [str(word) for word in words],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stderr=subprocess.PIPE,
        )
    )
    _, said = children[0].communicate()
    assert children[0].returncode != 0
    assert b"Traceback" not in said
    assert not (tmp_path / "texts").exists()
    assert fetch(folder).exit_code == 0
    assert server.asked.count("/a") == 1
    assert sorted(path.name for path in (tmp_path / "texts").iterdir()) == [
        "neuf-a.txt",
        "neuf-b.txt",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give one of them"),
        (("--texts", "x", "--fetch"), "give one of them"),
        (("--fetch", "--reanchor"), "the corpus holds no hashes of spans"),
        (("folder", "--fetch", "--contact", "é"), "cannot stand in a header"),
        (("folder", "--fetch", "--contact", "a\nb: c"), "cannot stand in a header"),
    ],
)
def test_a_wrong_call_ends_with_2(built: Project, words: tuple[str, ...], said: str) -> None:
    done = call(*(built.out if word == "folder" else word for word in words))
    assert (done.exit_code, said in done.output) == (2, True), done.output


def test_a_folder_that_is_no_dataset_ends_with_1(tmp_path: Path) -> None:
    done = call(tmp_path, "--fetch")
    assert (done.exit_code, "no stand-off rows here" in done.output) == (1, True)


def test_the_spans_that_are_tested_are_those_of_the_text() -> None:
    assert [TEXT[s.start : s.end] for s in SPANS if isinstance(s, Span)][:2] == [
        "JNIM",
        "neuf soldats",
    ]
