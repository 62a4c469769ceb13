"""Start Doccano's web server or worker inside a container, with secrets read from files.

Secrets reach Doccano in the environment of its process alone: neither the image nor the
container's settings hold them. Doccano's own Python runs this file:

    start.py web | worker | check-web | check-worker | manage ARGUMENT…
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

ADMIN = "admin"


def secret(name: str) -> str:
    """Read a secret from its file, without the line end that an editor may have added."""
    return (Path(os.environ.get("SECRETS", "/run/secrets")) / name).read_text("utf-8").strip()


def database_url() -> str:
    """Put the database's URL together; the network that it goes over is the containers' own."""
    user, host, port, name = (
        os.environ[f"PG{key}"] for key in ("USER", "HOST", "PORT", "DATABASE")
    )
    password = quote(secret("database_password"), safe="")
    return f"postgresql://{user}:{password}@{host}:{port}/{name}?sslmode=disable"


def backend() -> Path:
    """Find the folder of Doccano's server."""
    spec = importlib.util.find_spec("backend")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("Doccano is not installed here")
    return Path(spec.submodule_search_locations[0])


def run(program: str, *arguments: str) -> None:
    """Become one of Doccano's programs."""
    path = Path(sys.executable).with_name(program)
    os.execv(path, [str(path), *arguments])  # noqa: S606 - no shell is wanted


def prepare() -> None:
    """Make the tables, the roles and the admin, whose password is the file's from now on."""
    login = json.dumps({"username": ADMIN, "password": secret("admin_password")})
    script = Path(__file__).with_name("serverside.py")
    environ = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    subprocess.run([sys.executable, script], input=login, text=True, env=environ, check=True)  # noqa: S603


def check_web() -> int:
    """Ask the web server who we are: it must answer that it does not know."""
    url = os.environ.get("WEB", "http://127.0.0.1:8000") + "/v1/me"
    # Docker may name a proxy in the environment of every container.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        direct.open(url, timeout=10)
    except urllib.error.HTTPError as error:
        return 0 if error.code == 403 else 1
    except OSError:
        return 1
    return 1


def check_worker() -> int:
    """Fail where the task that waits longest is that of the last check: nobody takes it."""
    import psycopg2  # type: ignore[import-untyped]

    with psycopg2.connect(database_url()) as connection, connection.cursor() as cursor:
        cursor.execute("select min(id) from kombu_message where visible")
        [oldest] = cursor.fetchone()
    seen = Path(tempfile.gettempdir()) / "oldest-task"
    before = seen.read_text() if seen.exists() else ""
    seen.write_text(str(oldest))
    return 1 if oldest is not None and str(oldest) == before else 0


def main(command: str, *arguments: str) -> int:
    """Do what the container is asked to."""
    if command == "check-web":
        return check_web()
    if command == "check-worker":
        return check_worker()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    os.environ["SECRET_KEY"] = secret("secret_key")
    os.environ["DATABASE_URL"] = database_url()
    os.chdir(backend())
    os.umask(0o077)
    if command == "web":
        prepare()
        run("gunicorn", "config.wsgi")
    elif command == "worker":
        run("celery", "--app=config", "worker", "--loglevel=info", "--concurrency=1")
    elif command == "manage":
        run("python", "manage.py", *arguments)
    raise SystemExit(f"no such command: {command}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
