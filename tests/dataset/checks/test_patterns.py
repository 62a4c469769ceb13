"""What looks like a secret or a person's data, and what news is full of and does not."""

from pathlib import Path

import pytest

from balise.dataset.checks.patterns import PERSONAL, SECRETS, find_sensitive
from balise.stores import load_articles

ROOT = Path(__file__).parents[3]

# Put together here, so that no scanner takes this file for a leak.
KEY = "-----BEGIN RSA " + "PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hf_" + "aB3" * 12, "Hugging Face token"),
        ("AKIA" + "ABCDEFGH12345678", "AWS access key"),
        ("ghp_" + "a1B2" * 9, "GitHub token"),
        ("github_pat_" + "11ABC_def" * 4, "GitHub token"),
        ("glpat-" + "a1b2c3d4e5" * 2, "GitLab token"),
        ("xoxb-" + "123456789012", "Slack token"),
        ("AIza" + "a1B2c" * 7, "Google key"),
        ("sk-" + "proj-abc123" * 3, "OpenAI key"),
        ("eyJ" + "hbGciOiJI" * 2 + ".eyJ" + "zdWIiOiIx" * 2 + ".abcDEF", "JSON Web Token"),
        (KEY, "private key"),
        ("https://jean:motdepasse" + "@example.org/depot", "password in an address"),
        ("password" + "=hunter2hunter2", "password"),
        ("DB_PASSWORD" + ": 'correct horse'", "password"),
        ("api_key" + "=0123456789", "password"),
        ("mot de passe : " + "soleil2024", "password"),
    ],
)
def test_secrets_are_found(text: str, kind: str) -> None:
    assert (SECRETS, kind) in {(hit.group, hit.kind) for hit in find_sensitive(f"Lu : {text} .")}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("prenom.nom@example.org", "e-mail address"),
        ("rédaction+dépêches@journal.fr", "e-mail address"),
        ("06 12 34 56 78", "telephone number"),
        ("01.23.45.67.89", "telephone number"),
        ("0612345678", "telephone number"),
        ("0 800 40 40 40", "telephone number"),
        ("0805 123 456", "telephone number"),
        ("+33 6 12 34 56 78", "telephone number"),
        ("+33 (0)6 12 34 56 78", "telephone number"),
        ("0033 6 12 34 56 78", "telephone number"),
        ("+221 33 889 12 34", "telephone number"),
        ("+380 44 123 45 67", "telephone number"),
        ("+1 212-555-0123", "telephone number"),
        ("(212) 555-0123", "telephone number"),
        ("tél. : 70 12 34 56", "telephone number"),
        ("numéro vert : 800 123 456", "telephone number"),
        ("tél. : 1980-1987", "telephone number"),
        ("FR76 3000 6000 0112 3456 7890 189", "bank account"),
        ("DE89370400440532013000", "bank account"),
        ("192.0.2.17", "IP address"),
        ("2001:db8:85a3:0:0:8a2e:370:7334", "IP address"),
    ],
)
def test_personal_data_are_found_where_they_stand(text: str, kind: str) -> None:
    sentence = f"Lu : {text} hier."
    found = [hit for hit in find_sensitive(sentence) if hit.kind == kind]
    assert [(hit.group, sentence[hit.start : hit.end].strip("« »")) for hit in found] == [
        (PERSONAL, text.removeprefix("tél. : ").removeprefix("numéro vert : "))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "10 000 morts et 3 000 000 de déplacés",
        "+12 500 000 euros, soit + 100 000 000 de dollars",
        "de 2012 à 2016, puis en 2017 et 2018",
        "le 01.02.2016 10 h 30, à 06 h 12",
        "le vol MH17 et le vol AF 447 0123",
        "2016-03-30-003-87190170, 2016/08/2016_08_06-003.txt",
        "winer-fr-2017-04-19-005-46339439",
        "un score de 3-0, 0-1, 2-1",
        "la résolution 2254 (2015), 12:30:45",
        "version 3.8.0, 26.0.1, 1.2.3",
        "400.500.600.700 et 1.234.567.890",
        "FR76 3000 6000 0112 3456 7890 188",
        "joindre 10 000 000 de personnes",
        "joint par téléphone. 1980-1987 : la guerre",
        "lu sur WhatsApp. 12.03.2016, puis par téléphone 2016-03-12",
        "le mot de passe: oui",
        "le secret : il faut du temps",
        "@AFP et #Alep",
        "sha256 01234567890123456789abcdef",
        'd="M 0 12 34 56 789 L 0 1 2 3 4 5 6 7 8 9 L 0 100 10 20 30"',
        "coordonnées 36.2021, 37.1343",
        "RFI::AFP, 10:20",
    ],
)
def test_what_news_is_full_of_is_none(text: str) -> None:
    assert list(find_sensitive(f"Lu : {text} hier.")) == []


def test_the_corpus_gives_no_false_alarm() -> None:
    """Its synthetic texts, 80,000 words and thousands of figures; the real ones are not here."""
    texts = [article.text for article in load_articles(ROOT / "corpus").values() if article.text]
    assert sum(char.isdigit() for text in texts for char in text) > 5_000
    assert [hit for text in texts for hit in find_sensitive(text)] == []
