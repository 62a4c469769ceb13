"""An annotator's project on the server: found or created, checked, and freed of leftovers.

A project's description lists the pushes that were verified. Rows of any other push are the rest
of a run that was cut off, which nobody has confirmed.
"""

from balise.batches import DoccanoLabel
from balise.doccano.client import Server
from balise.doccano.wire import ServerExample, ServerProject
from balise.errors import BaliseError
from balise.spans import require_hash

_VERIFIED = "verified pushes:"


def project_name(batch: str, annotator: str) -> str:
    """Name the project that holds one annotator's documents of one batch."""
    return f"{batch}.{annotator}"


def create_project(server: Server, name: str, guideline: str) -> ServerProject:
    """Create a project that no push has filled yet."""
    return server.create_project(name, f"balise; {_VERIFIED}", guideline)


def mark_verified(server: Server, project: ServerProject, push: str) -> None:
    """Record that the rows of a push were read back and are what was sent."""
    server.describe_project(project, f"{project.description} {push}")


def ensure_labels(server: Server, project: ServerProject, labels: tuple[DoccanoLabel, ...]) -> None:
    """Give a project the scheme's labels, in their order.

    Raises:
        BaliseError: it has labels that the scheme lacks.
    """
    found = set(server.label_types(project).values())
    if unknown := found - {label.text for label in labels}:
        raise BaliseError(
            f"{server.url} (project {project.name})",
            f"has labels that the scheme lacks ({', '.join(sorted(unknown))})",
            "rename them in Doccano, or add them to annotations/labels.toml",
        )
    for label in labels:
        if label.text not in found:
            server.create_label_type(project, label)


def verified_articles(server: Server, project: ServerProject) -> set[str]:
    """List the articles that a project holds from verified pushes, and remove leftover rows.

    Raises:
        BaliseError: the project was changed by hand in a way that cannot be continued.
    """
    place = f"{server.url} (project {project.name})"
    if not project.collaborative_annotation or project.grapheme_mode:
        raise BaliseError(
            place, "is not collaborative, or counts graphemes", "delete or rename it, then push"
        )
    if _VERIFIED not in project.description:
        raise BaliseError(
            place,
            f"its description no longer lists its pushes ({project.description!r})",
            f"restore it to 'balise; {_VERIFIED} …', or rename the project and push anew",
        )
    verified = project.description.partition(_VERIFIED)[2].split()
    articles: set[str] = set()
    leftover: list[ServerExample] = []
    # The listing, not the export: a document without our metadata makes the export unreadable.
    for example in server.examples(project):
        if example.row_meta.get("push") not in verified:
            leftover.append(example)
            continue
        article = str(example.row_meta.get("article"))
        if article in articles:
            raise BaliseError(place, f"article {article} is there twice", "delete one of them")
        require_hash(example.text, str(example.row_meta.get("sha256")), f"{place}, {article}")
        articles.add(article)
    if leftover:
        _remove(server, project, leftover, place)
    return articles


def _remove(
    server: Server, project: ServerProject, leftover: list[ServerExample], place: str
) -> None:
    kept = [one.id for one in leftover if one.is_confirmed or "push" not in one.row_meta]
    if kept:
        raise BaliseError(
            place,
            f"documents {kept[:5]} are from no verified push, yet added by hand or confirmed",
            "move them to a project of their own, then push again",
        )
    server.delete_examples(project, [one.id for one in leftover])
