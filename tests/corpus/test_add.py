"""Files become articles; what may not enter becomes a reject."""

import json
import unicodedata
from pathlib import Path

import pytest
from typer.testing import CliRunner

from balise.cli.corpus import app
from balise.corpus.add import Reject
from balise.jsonl import read_jsonl
from balise.records import Article
from balise.text import sha256

FRENCH = (
    "Deux soldats maliens ont été tués dimanche par une mine près de Gao, dans le nord du pays."
)
ENGLISH = "Two soldiers were killed on Sunday when a mine exploded near Gao, in the north of Mali."

PAGE = """<html lang="fr"><head><meta charset="{charset}"><title>Attaque à Gao - Le Fil</title>
<meta property="article:published_time" content="2022-04-24T10:00:00+02:00">
<link rel="canonical" href="https://example.org/gao"></head>
<body><nav><a href="/">Accueil</a></nav><article><h1>Attaque à Gao</h1>
<p>Deux soldats maliens ont été tués dimanche dans l’explosion d’une mine près de Gao, dans le
nord du Mali, selon des élus locaux joints par téléphone.</p>
<p>L’attaque n’a pas été revendiquée. Plusieurs groupes jihadistes opèrent dans cette région,
où l’armée malienne a multiplié les patrouilles depuis le début de l’année.</p></article>
<footer>Mentions légales</footer></body></html>"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def write_lines(path: Path, *rows: dict[str, object]) -> Path:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def added(source: str = "fil") -> list[Article]:
    return read_jsonl(Path("corpus") / f"{source}.jsonl", Article)


def rejects(source: str = "fil") -> list[Reject]:
    return read_jsonl(Path("build/rejects") / f"{source}.jsonl", Reject)


def test_a_text_file_is_one_article_named_by_its_file() -> None:
    Path("a.txt").write_text(FRENCH + "\n", encoding="utf-8")
    code, output = run("add", "a.txt", "--source", "fil", "--country", "ML", "--not-synthetic")
    assert code == 0, output
    assert "1 added, 0 already there, 0 rejected" in output
    [article] = added()
    assert article.text == FRENCH + "\n"
    assert article.id == f"fil-a-{sha256(FRENCH + chr(10))[:8]}"
    assert (article.title, article.path, article.language) == (None, "a.txt", "fr")
    assert (article.country, article.synthetic, article.publishable) == ("ML", False, "standoff")


def test_an_untitled_text_gives_words_to_its_id_only_where_it_may_go_out() -> None:
    write_lines(Path("a.jsonl"), {"text": FRENCH}, {"text": f"{FRENCH} Bilan."})
    assert run("add", "a.jsonl", "--source", "fil")[0] == 0
    assert all(one.id.startswith("fil-article-") for one in added())
    assert (
        run(
            "add",
            "a.jsonl",
            "--source",
            "libre",
            "--corpus",
            "autre",
            "--publishable",
            "full",
            "--license",
            "CC0-1.0",
        )[0]
        == 0
    )
    ids = [one.id for one in read_jsonl(Path("autre/libre.jsonl"), Article)]
    assert all(one.startswith("libre-deux-soldats-maliens-ont-ete-tues-") for one in ids)


def test_the_text_is_nfc_with_plain_line_ends_and_otherwise_untouched() -> None:
    body = "  « Tué » 😀\u00a0! \r\n\r" + unicodedata.normalize("NFD", FRENCH) + "\t\u200b \n"
    Path("a.txt").write_bytes(b"\xef\xbb\xbf" + body.encode())
    assert run("add", "a.txt", "--source", "fil")[0] == 0
    assert added()[0].text == "  « Tué » 😀\u00a0! \n\n" + FRENCH + "\t\u200b \n"


def test_title_and_body_are_joined_by_a_blank_line() -> None:
    write_lines(Path("a.jsonl"), {"title": "Attaque à Gao", "body": FRENCH})
    assert run("add", "a.jsonl", "--source", "fil")[0] == 0
    [article] = added()
    assert article.text == f"Attaque à Gao\n\n{FRENCH}"
    assert article.title == "Attaque à Gao"
    assert article.id.startswith("fil-attaque-a-gao-")


def test_a_file_s_own_field_goes_before_an_option() -> None:
    write_lines(Path("a.jsonl"), {"text": FRENCH, "country": "NE"}, {"text": FRENCH + " Bilan."})
    run("add", "a.jsonl", "--source", "fil", "--country", "ML", "--license", "CC-BY-4.0")
    assert sorted((a.country or "", a.license or "") for a in added()) == [
        ("ML", "CC-BY-4.0"),
        ("NE", "CC-BY-4.0"),
    ]


def test_a_csv_with_line_ends_in_a_cell_is_read_as_written() -> None:
    Path("a.csv").write_text(
        "title,body,synthetic,country\r\n"
        f'"Gao, dimanche","{FRENCH}\nLe « bilan » ""monte"".",true,\r\n',
        encoding="utf-8",
        newline="",
    )
    assert run("add", "a.csv", "--source", "fil")[0] == 0
    [article] = added()
    assert article.text == f'Gao, dimanche\n\n{FRENCH}\nLe « bilan » "monte".'
    assert (article.synthetic, article.country) == (True, None)


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_a_web_page_gives_title_text_address_and_day_in_its_own_encoding(charset: str) -> None:
    Path("a.html").write_bytes(PAGE.format(charset=charset).encode(charset))
    code, output = run("add", "a.html", "--source", "web")
    assert code == 0, output
    [article] = added("web")
    assert article.title == "Attaque à Gao"
    assert article.text is not None
    assert article.text.startswith("Attaque à Gao\n\nDeux soldats maliens")
    assert "l’armée malienne" in article.text
    assert "Mentions" not in article.text
    assert "Accueil" not in article.text
    assert (article.url, article.published) == ("https://example.org/gao", "2022-04-24")


def test_an_option_goes_before_what_was_only_found_in_a_page() -> None:
    Path("a.html").write_text(PAGE.format(charset="utf-8"), encoding="utf-8")
    run("add", "a.html", "--source", "web", "--published", "2022-04-25")
    assert added("web")[0].published == "2022-04-25"


def test_adding_the_same_files_again_changes_nothing(folder: Path) -> None:
    write_lines(
        Path("a.jsonl"), {"text": FRENCH}, {"text": ENGLISH}, {"text": FRENCH}, {"body": FRENCH * 2}
    )
    assert "2 added, 0 already there, 2 rejected" in run("add", "a.jsonl", "--source", "fil")[1]
    before = files_of(folder)
    code, output = run("add", "a.jsonl", "--source", "fil")
    assert code == 0
    assert "0 added, 2 already there, 2 rejected" in output
    assert files_of(folder) == before


def test_the_corpus_s_own_file_may_be_added_to_it() -> None:
    write_lines(Path("a.jsonl"), {"title": "Attaque à Gao", "body": FRENCH, "country": "ML"})
    run("add", "a.jsonl", "--source", "fil")
    output = run("add", "corpus/fil.jsonl", "--source", "fil")[1]
    assert "0 added, 1 already there" in output
    assert "other fields" not in output


def test_new_articles_join_the_source_s_file_sorted_by_id() -> None:
    for number in (3, 1, 2):
        write_lines(Path("a.jsonl"), {"title": f"{number} tués", "body": FRENCH})
        run("add", "a.jsonl", "--source", "fil")
    assert [a.title for a in added()] == ["1 tués", "2 tués", "3 tués"]


def test_other_fields_for_an_article_already_there_are_reported_and_not_taken() -> None:
    Path("a.txt").write_text(FRENCH, encoding="utf-8")
    run("add", "a.txt", "--source", "fil", "--country", "ML")
    output = run("add", "a.txt", "--source", "fil", "--country", "NE")[1]
    assert "1 of those already there have other fields" in output
    assert added()[0].country == "ML"


def test_a_duplicate_is_rejected_with_the_name_of_its_twin() -> None:
    Path("a.txt").write_text(FRENCH, encoding="utf-8")
    run("add", "a.txt", "--source", "fil")
    output = run("add", "a.txt", "--source", "autre")[1]
    assert "0 added, 0 already there, 1 rejected" in output
    [reject] = rejects("autre")
    assert reject.reason == "duplicate"
    assert added()[0].id in reject.detail
    assert reject.article.text == FRENCH
    assert not Path("corpus/autre.jsonl").exists()


def test_a_text_that_is_not_french_is_rejected_and_can_be_reread() -> None:
    write_lines(Path("a.jsonl"), {"text": FRENCH}, {"text": ENGLISH})
    assert run("add", "a.jsonl", "--source", "fil")[0] == 0
    assert [a.text for a in added()] == [FRENCH]
    [reject] = rejects()
    assert (reject.reason, reject.article.text, reject.place) == ("language", ENGLISH, "a.jsonl:2")
    assert "'en'" in reject.detail


def test_a_standoff_article_comes_in_without_its_text() -> None:
    row = {"id": "fil-gao-" + sha256(FRENCH)[:8], "sha256": sha256(FRENCH), "length": len(FRENCH)}
    write_lines(Path("a.jsonl"), row)
    assert run("add", "a.jsonl", "--source", "fil")[0] == 0
    assert (added()[0].text, added()[0].length) == (None, len(FRENCH))


def test_the_summary_for_machines_lists_ids_and_rejects() -> None:
    write_lines(Path("a.jsonl"), {"text": FRENCH}, {"text": ENGLISH})
    summary = json.loads(run("add", "a.jsonl", "--source", "fil", "--json")[1])
    assert summary["added"] == [added()[0].id]
    assert summary["rejected"][0]["reason"] == "language"


BROKEN_LINES = {
    '{"text": "Une phrase': ("a.jsonl:2", "broken JSON"),
    '{"texte": "Une phrase"}': ("a.jsonl:2", "texte"),
    '{"text": 3}': ("a.jsonl:2", "Expected `str"),
    "[1]": ("a.jsonl:2", "object"),
    '{"title": "Sans rien"}': ("a.jsonl:2", "no text"),
    '{"text": " \\n "}': ("a.jsonl:2", "empty"),
    '{"text": "Un", "body": "Deux"}': ("a.jsonl:2", "both"),
    '{"title": "Un", "text": "Deux"}': ("a.jsonl:2", "body"),
    '{"text": "Un", "sha256": "00"}': ("a.jsonl:2", "sha256"),
    '{"text": "Un", "length": 5}': ("a.jsonl:2", "length"),
    '{"text": "Un", "id": "fil-un-00000000"}': ("a.jsonl:2", "fil-un-00000000"),
    '{"text": "Un", "normalisation": "none"}': ("a.jsonl:2", "normalisation"),
    '{"text": "Un", "source": "autre"}': ("a.jsonl:2", "--source"),
    '{"text": "Un\\u0007"}': ("a.jsonl:2", "U+0007"),
    '{"text": "Un \\ud83d"}': ("a.jsonl:2", "broken JSON"),
    '{"text": "Un", "publishable": "full"}': ("a.jsonl:2", "licence"),
    '{"text": "Un", "publishable": "yes"}': ("a.jsonl:2", "publishable"),
    '{"text": "Un", "published": "24/04/2022"}': ("a.jsonl:2", "24/04/2022"),
    '{"text": "Un", "country": "Mali"}': ("a.jsonl:2", "Mali"),
    '{"id": "fil-un-abc", "sha256": "abc", "length": 2}': ("a.jsonl:2", "'abc' is not a hash"),
}


@pytest.mark.parametrize("line", BROKEN_LINES)
def test_a_broken_line_stops_everything_and_names_its_place(line: str, folder: Path) -> None:
    write_lines(Path("b.jsonl"), {"text": FRENCH})
    run("add", "b.jsonl", "--source", "fil")
    Path("a.jsonl").write_text(json.dumps({"text": FRENCH * 2}) + "\n" + line, encoding="utf-8")
    before = files_of(folder)
    code, output = run("add", "a.jsonl", "--source", "fil")
    assert code == 1
    for part in BROKEN_LINES[line]:
        assert part in output
    assert files_of(folder) == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text;country\n", "unknown key 'text;country'"),
        ("text,text\n", "two columns 'text'"),
        ("text,country\n\nUn,ML,FR\n", "a.csv:3: 3 cells under a header of 2"),
        ('text\n"Un', "broken CSV"),
        ("text,synthetic\nUn,peut-être\n", "a.csv:2"),
        ("text,country\n", "holds no article"),
    ],
)
def test_a_broken_csv_stops_everything(content: str, message: str, folder: Path) -> None:
    Path("a.csv").write_text(content, encoding="utf-8")
    before = files_of(folder)
    code, output = run("add", "a.csv", "--source", "fil")
    assert (code, files_of(folder)) == (1, before)
    assert message in output


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
def test_another_encoding_is_named_with_its_line(name: str, folder: Path) -> None:
    Path("b.txt").write_text(FRENCH, encoding="utf-8")
    Path(name).write_bytes(b"text\n" + FRENCH.encode("latin-1"))
    before = files_of(folder)
    code, output = run("add", "b.txt", name, "--source", "fil")
    assert (code, files_of(folder)) == (1, before)
    assert f"{name}:2" in output
    assert "not UTF-8" in output


def test_a_page_without_an_article_is_an_error(folder: Path) -> None:
    Path("a.html").write_text("<html><body></body></html>", encoding="utf-8")
    code, output = run("add", "a.html", "--source", "web")
    assert code == 1
    assert "no article text" in output
    assert list(files_of(folder)) == ["a.html"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("manque.txt", "--source", "fil"), 1, "manque.txt"),
        (("a.pdf", "--source", "fil"), 2, "'.pdf'"),
        (("a.txt", "--source", "Le Fil"), 2, "'Le Fil'"),
        (("a.txt", "--source", "fil", "--publishable", "yes"), 2, "yes"),
        (("a.txt", "--source", "fil", "--publishable", "full"), 1, "licence"),
        (("a.txt", "--source", "fil", "--published", "hier"), 1, "hier"),
        (("a.txt", "--source", "fil", "--event", "caf\udce9"), 2, "--event: is not UTF-8"),
        (("a.txt", "--source", "fil", "--corpus", "x", "--rejects", "./x"), 2, "corpus's own"),
    ],
)
def test_a_wrong_call_writes_nothing(
    arguments: tuple[str, ...], code: int, message: str, folder: Path
) -> None:
    for name in ("a.txt", "a.pdf"):
        Path(name).write_text(FRENCH, encoding="utf-8")
    before = files_of(folder)
    found, output = run("add", *arguments)
    assert (found, files_of(folder)) == (code, before)
    assert message in output


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="iso-8859-15">', "iso-8859-15"),
        ('<meta charset="ISO-8859-1">', "windows-1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=mac-roman">', "mac-roman"),
        ("", "utf-16"),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_declares(head: str, encoding: str) -> None:
    text = "L’armée malienne a déployé mardi ses moyens près de Gao, à l’œuvre depuis l’été. " * 3
    text = text if encoding != "iso-8859-15" else text.replace("’", "'") + "Coût : 3 €."
    page = f"<html><head>{head}</head><body><p>{text}</p></body></html>"
    Path("a.html").write_bytes(page.encode(encoding))
    run("add", "a.html", "--source", "web")
    assert [a.text for a in added("web")] == [text.strip()]


@pytest.mark.parametrize("charset", ["utf-8", "nulle-part", ""])
def test_a_page_in_another_encoding_than_it_declares_is_refused(charset: str, folder: Path) -> None:
    declared = f'charset="{charset}"' if charset else ""
    page = PAGE.replace('charset="{charset}"', declared).replace("Gao", "Gao, n° 3")
    Path("a.html").write_bytes(page.encode("windows-1252"))
    code, output = run("add", "a.html", "--source", "web")
    assert (code, list(files_of(folder))) == (1, ["a.html"])
    assert f"a.html: this page is not in its encoding, {charset or 'utf-8'}" in output


def test_a_file_whose_name_is_not_utf8_is_refused(folder: Path) -> None:
    name = "caf\udce9.txt"
    Path(name).write_text(FRENCH, encoding="utf-8")
    code, output = run("add", name, "--source", "fil")
    assert (code, list(files_of(folder))) == (2, [name])
    assert "is not UTF-8; rename the file" in output


def test_an_empty_line_in_the_corpus_is_no_article() -> None:
    Path("corpus").mkdir()
    Path("corpus/vide.jsonl").write_text("\n")
    Path("a.txt").write_text(FRENCH, encoding="utf-8")
    assert run("add", "a.txt", "--source", "fil")[0] == 0
    assert [a.text for a in added()] == [FRENCH]


def test_a_long_article_fits_a_csv_cell() -> None:
    text = (FRENCH + " ") * 2000
    Path("a.csv").write_text(f'text\n"{text}"\n', encoding="utf-8")
    assert run("add", "a.csv", "--source", "fil")[0] == 0
    assert added()[0].length == len(text) > 131_072
