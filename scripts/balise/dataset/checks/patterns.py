"""What looks like a secret or like a person's data in a text, found by its form.

The forms of tokens are those that their issuers document: Hugging Face, Amazon (access keys),
GitHub, GitLab, Slack, Google, OpenAI, and JSON Web Tokens (RFC 7519); of keys, RFC 7468; of
telephone numbers, ITU-T E.164 and the French and North American plans; of bank accounts, ISO 13616
with the check digits of ISO 7064. News is full of figures, so a form has to be narrow: thousands
(« +12 500 000 »), days (« 01.02.2016 10 h ») and years are none.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator

import msgspec

SECRETS = "secrets"
PERSONAL = "personal"


class Hit(msgspec.Struct, frozen=True):
    """What was found at `[start, end)` of a text: `group` is SECRETS or PERSONAL."""

    group: str
    kind: str
    start: int
    end: int


_KEYS = {
    "Hugging Face token": r"\b(?:hf|api_org)_[A-Za-z0-9]{20,}\b",
    "AWS access key": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,})",
    "GitLab token": r"\bglpat-[\w-]{20,}",
    "Slack token": r"\bxox[abeoprs]-[\w-]{10,}",
    "Google key": r"\bAIza[\w-]{35}",
    "OpenAI key": r"\bsk-[\w-]{20,}",
    "JSON Web Token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{5,}",
    "private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "password in an address": r"\b[a-z][a-z0-9+.-]+://[^\s/:@]+:[^\s/@]+@",
    "password": r"(?i)\b(?:[a-z0-9]+[_-])*(?:password|passwd|pwd|mot[ _]de[ _]passe|secret|"
    r"(?:api|access|secret)[_-]?key|token)[\"']?\s?[:=]\s?[\"']?[^\s\"',;«»]{6,}",
}

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[^\W\d_]{2,}\b")
_TEN_DIGITS = re.compile(r"(?<![\w+.,/-])(?<!\d[ \u00a0\u202f])0(?:[ \u00a0\u202f.-]?\d){9}(?!\w)")
_PAIRS = {(10,), (2, 2, 2, 2, 2)}
_SERVICES = {(1, 3, 2, 2, 2), (4, 2, 2, 2), (1, 3, 3, 3), (4, 3, 3)}
"""How numbers are set in groups: any French one, and those that begin with 08."""

_ABROAD = re.compile(
    r"(?<![\w+./-])(?:\+|00)[ \u00a0\u202f]?[1-9]\d{0,2}"
    r"(?:[ \u00a0\u202f./-]?\(?\d{1,9}\)?){1,7}(?!\w)"
)
_AMERICAN = re.compile(r"(?<![\w(])\(\d{3}\) ?\d{3}[ -]\d{4}(?!\w)")
_ANNOUNCED = re.compile(
    r"(?i)\b(?:tél(?:éphone)?|tel|fax|whatsapp|numéro(?: (?:vert|gratuit|de téléphone))?|"
    r"joignables? au|appel(?:ez|er)(?: (?:le|au))?)\b\.?(?P<between>[ \u00a0\u202f:]{0,3})"
    r"(?P<number>\d(?:[ \u00a0\u202f.-]?\d){6,14})(?!\w)"
)
_THOUSANDS = re.compile(r"\+?[ \u00a0\u202f]?\d{1,3}(?:[ \u00a0\u202f.]\d{3}){1,3}")
_YEARS_OR_DAY = re.compile(
    r"[12]\d{3}-[12]\d{3}|\d{1,2}([.-])\d{1,2}\1[12]\d{3}|[12]\d{3}-\d\d-\d\d"
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ \u00a0\u202f]?[A-Z0-9]{1,4}){3,8}\b")
_IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){3,7}(?![\w:])")


def find_sensitive(text: str) -> Iterator[Hit]:
    """Yield what in a text looks like a secret or like a person's data, each kind in order."""
    for kind, pattern in _KEYS.items():
        for match in re.finditer(pattern, text):
            yield Hit(SECRETS, kind, *match.span())
    for kind, find in _PERSONAL.items():
        for start, end in find(text):
            yield Hit(PERSONAL, kind, start, end)


def _mails(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _MAIL.finditer(text))


def _phones(text: str) -> Iterator[tuple[int, int]]:
    found = [
        *(match.span() for match in _TEN_DIGITS.finditer(text) if _french(match[0])),
        *(match.span() for match in _ABROAD.finditer(text) if _international(match[0])),
        *(match.span() for match in _AMERICAN.finditer(text)),
        *(
            match.span("number")
            for match in _ANNOUNCED.finditer(text)
            if ":" in match["between"] or not _counts_or_dates(match["number"])
        ),
    ]
    last = 0
    for start, end in sorted(set(found)):
        if start >= last:
            yield start, end
            last = end


def _counts_or_dates(number: str) -> bool:
    return any(figure.fullmatch(number) for figure in (_THOUSANDS, _YEARS_OR_DAY))


def _french(number: str) -> bool:
    """Tell a French number from a day with an hour behind it, or from the points of a curve."""
    groups = tuple(map(len, re.split(r"\D", number)))
    digits = [char for char in number if char.isdigit()]
    if len(set(number) - set(digits)) > 1 or digits[1] == "0":
        return False
    return groups in _PAIRS or (groups in _SERVICES and digits[1] == "8")


def _international(number: str) -> bool:
    digits = sum(char.isdigit() for char in number) - (2 if number.startswith("00") else 0)
    return 9 <= digits <= 15 and not _THOUSANDS.fullmatch(number)


def _accounts(text: str) -> Iterator[tuple[int, int]]:
    for match in _IBAN.finditer(text):
        plain = "".join(char for char in match[0] if not char.isspace())
        if 15 <= len(plain) <= 34 and int(_as_digits(plain[4:] + plain[:4])) % 97 == 1:
            yield match.span()


def _as_digits(account: str) -> str:
    return "".join(str(int(char, 36)) for char in account)


def _machines(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_IPV4, _IPV6):
        for match in pattern.finditer(text):
            try:
                ipaddress.ip_address(match[0])
            except ValueError:
                continue
            yield match.span()


_PERSONAL: dict[str, Callable[[str], Iterator[tuple[int, int]]]] = {
    "e-mail address": _mails,
    "telephone number": _phones,
    "bank account": _accounts,
    "IP address": _machines,
}
