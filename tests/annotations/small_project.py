"""A small project in a folder, and `balise annotations` called in it."""

import json
import shutil
from pathlib import Path
from typing import Any

from click.testing import Result
from typer.testing import CliRunner

from balise.cli.annotations import app
from balise.jsonl import read_jsonl, write_jsonl
from balise.records import Annotation, Article
from markup import annotated

ROOT = Path(__file__).parents[2]

SENTENCES = {
    "a-kiev": "😀 Tirs à [Kiev](LOCATION) : [trois civils](CASUALTIES) tués [mardi](DATE).",
    "b-gao": "L’[ONU](ORGANIZATION) quitte [Gao](LOCATION).",
    "c-rien": "Rien à signaler, sauf\u00a0la pluie.",
}


class Project:
    """A folder with `corpus/` and `annotations/`, seen from outside."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.annotations = root / "annotations"
        self.corpus = root / "corpus"
        self.annotations.mkdir()
        shutil.copy(ROOT / "annotations" / "labels.toml", self.annotations)

    def nest(self) -> None:
        """Let the label scheme's spans overlap."""
        path = self.annotations / "labels.toml"
        path.write_text(f"overlapping = true\n{path.read_text('utf-8')}", encoding="utf-8")

    def add_articles(self, *articles: Article) -> None:
        path = self.corpus / "test.jsonl"
        write_jsonl(path, articles)

    def add_reading(
        self,
        batch: str,
        annotator: str,
        marked: dict[str, str],
        *,
        confirmed: bool = True,
        comments: tuple[str, ...] = (),
    ) -> Path:
        """Write a file of readings from marked-up sentences by article id."""
        path = self.annotations / batch / f"{annotator}.jsonl"
        readings = []
        for id_ in sorted(marked):
            _, reading = annotated(id_, marked[id_], annotator, confirmed=confirmed)
            readings.append(
                Annotation(id_, reading.sha256, annotator, confirmed, reading.spans, comments)
            )
        write_jsonl(path, readings)
        return path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(self, *arguments: str | Path) -> Result:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def json(self, *arguments: str | Path) -> dict[str, Any]:
        result = self.run(*arguments, "--json")
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    def files(self) -> dict[str, bytes]:
        """Photograph every file, to compare before and after."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }

    def refuses(self, *arguments: str | Path, code: int = 1) -> str:
        """Run a command that must fail and leave every file as it was; return its message."""
        before = self.files()
        result = self.run(*arguments)
        assert result.exit_code == code, result.output
        assert self.files() == before
        return result.stderr


def surfaces(project: Project, path: str = "annotations/b1/anne.jsonl") -> dict[str, list[str]]:
    """List what a file of readings marks, as `surface/LABEL` by article."""
    texts = {a.id: a.text or "" for a in read_jsonl(project.corpus / "test.jsonl", Article)}
    return {
        reading.article: [
            f"{texts[reading.article][span.start : span.end]}/{span.label}"
            for span in reading.spans
        ]
        for reading in read_jsonl(project.root / path, Annotation)
    }
