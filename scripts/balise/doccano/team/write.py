"""Write out what a team's server is started from; its secrets are made once."""

import os
import re
import secrets
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import msgspec

from balise.doccano.credentials import new_password, refuse_shared
from balise.errors import BaliseError, UsageError
from balise.files import read_bytes, write_files

_NAME = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
# The last part of a host name is no number: that would be an address.
_HOST = re.compile(rf"(?=.{{1,253}}\Z)({_NAME}\.)*(?=[a-z]){_NAME}\Z")
_NOBODY = 10001

SECRETS = {
    "secret_key": lambda: secrets.token_urlsafe(48),
    "database_password": lambda: secrets.token_urlsafe(32),
    "admin_password": new_password,
}
"""The files in `secrets/`, and how each is made."""


class Places(msgspec.Struct, frozen=True):
    """Where the proxy finds and puts things; by default as in its container."""

    http: str = "8080"
    https: str = "8443"
    doccano: str = "web:8000"
    tls: str = "/etc/nginx/tls"
    acme: str = "/srv/acme"
    scratch: str = "/tmp"  # noqa: S108 - the container's own, in memory
    log: str = "/dev/stdout"


class Written(NamedTuple):
    """What was done: the secrets that were made, and who must be able to read the TLS key."""

    made: tuple[str, ...]
    owner: int


def nginx_conf(host: str, places: Places | None = None) -> str:
    """Render the proxy's settings for a host name.

    Raises:
        UsageError: it is no host name.
    """
    import jinja2

    if not _HOST.fullmatch(host):
        raise UsageError(
            "--host",
            f"{host!r} is no host name",
            "write it in small letters and without a scheme or port, as in doccano.example.org",
        )
    text = files("balise.doccano.team").joinpath("nginx.conf.jinja").read_text("utf-8")
    values = msgspec.structs.asdict(places or Places())
    # It makes a configuration, no page.
    template = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)  # noqa: S701
    return template.from_string(text).render(host=host, **values)


def write_team(out: Path, host: str) -> Written:
    """Write the team server's files into the folder `out`, and make the secrets that it lacks.

    A secret that exists is never replaced. The containers run under the caller's user id, so
    that they can read files of mode 600; where root calls, under one that owns nothing else.

    Raises:
        UsageError: the host name is none.
        BaliseError: a file of this name has another content, others may read a secret, or
            the folder cannot be written.
    """
    owner, group = (os.getuid(), os.getgid()) if os.getuid() else (_NOBODY, _NOBODY)
    contents = {out / name: content for name, content in _contents(host, owner, group).items()}
    changed = [path for path, content in contents.items() if _differs(path, content)]
    if changed:
        raise BaliseError(
            ", ".join(str(path) for path in changed),
            "differs from what would be written",
            "move it away and run this again; settings of your own belong in compose.override.yaml",
        )
    folder = out / "secrets"
    missing = {
        folder / name: make() for name, make in SECRETS.items() if not (folder / name).exists()
    }
    for name in SECRETS.keys() - {path.name for path in missing}:
        refuse_shared(folder / name)
    _make_folders(out)
    write_files(missing, mode=0o600)
    write_files(contents)
    if owner == _NOBODY:
        for path in (folder, out / "tls", *(folder / name for name in SECRETS)):
            os.chown(path, owner, group)
    return Written(tuple(sorted(path.name for path in missing)), owner)


def _contents(host: str, owner: int, group: int) -> dict[str, str]:
    ours, stage = files("balise.doccano.team"), files("balise.doccano")
    return {
        "compose.yaml": ours.joinpath("compose.yaml").read_text("utf-8"),
        "README.md": ours.joinpath("README.md")
        .read_text("utf-8")
        .replace("doccano.example.org", host),
        "nginx.conf": nginx_conf(host),
        ".env": f"# Under which user the containers run.\nTEAM_UID={owner}\nTEAM_GID={group}\n",
        "image/Dockerfile": ours.joinpath("Dockerfile").read_text("utf-8"),
        "image/start.py": ours.joinpath("start.py").read_text("utf-8"),
        "image/serverside.py": stage.joinpath("serverside.py").read_text("utf-8"),
        "image/server-requirements.txt": stage.joinpath("server-requirements.txt").read_text(
            "utf-8"
        ),
    }


def _differs(path: Path, content: str) -> bool:
    return path.exists() and read_bytes(path) != content.encode()


def _make_folders(out: Path) -> None:
    try:
        for name, mode in (("secrets", 0o700), ("tls", 0o700), ("acme", 0o755)):
            (out / name).mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise BaliseError(
            out, f"cannot be made a folder ({error.strerror})", "choose another with --out"
        ) from error
