"""What two annotators say of the same two texts, and a folder of readings."""

from pathlib import Path

from balise.jsonl import write_jsonl
from markup import annotated

# What lm-1 and lm-2 say of the same two texts: one boundary, one type, one only here, one there.
FIRST = [
    "[Daech](ARMED_GROUP) attaque la [base de Tiyas](FACILITY) à [Homs](LOCATION)",
    "Le [Hamas](ARMED_GROUP) et l'[ONU](ORGANIZATION), [lundi](DATE)",
]
SECOND = [
    "[Daech](ARMED_GROUP) [attaque](EVENT) la base de [Tiyas](FACILITY) à [Homs](LOCATION)",
    "Le [Hamas](ORGANIZATION) et l'[ONU](ORGANIZATION), lundi",
]


def write(folder: Path, batch: str, annotator: str, marked: list[str], **fields: bool) -> None:
    """Write one annotator's readings of the articles a0, a1, …, as marked-up sentences."""
    readings = [
        annotated(f"a{number}", text, annotator, **fields)[1] for number, text in enumerate(marked)
    ]
    write_jsonl(folder / batch / f"{annotator}.jsonl", readings)
