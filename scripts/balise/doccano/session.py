"""A logged-in session with a Doccano server: the only module that imports `doccano_client`.

Doccano answers an unknown route with a page of HTML and status 200; every answer is therefore
checked here, and whatever goes wrong becomes one message that names the server and the call.
"""

import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from balise.doccano import certificates
from balise.doccano.patience import VARIABLE, patient_adapter, time_limit
from balise.errors import BaliseError

_PAGE = 500
_LOOPBACK = re.compile(r"https?://(127\.0\.0\.1|localhost)(?=[:/]|$)")


class Session:
    """A session of one user.

    Raises:
        BaliseError: the server does not answer, is not Doccano, or refuses the login.
    """

    def __init__(self, url: str, user: str, password: str) -> None:
        try:
            from doccano_client import DoccanoClient
        except ImportError as error:
            raise BaliseError(
                "balise doccano",
                f"its client is not installed ({error})",
                "install the extra with `pip install 'balise[doccano]'`",
            ) from error
        self.url = url.rstrip("/")
        self.user = user
        self.seconds = time_limit()
        self._password = password
        self.client = DoccanoClient(self.url)
        # doccano-client has no public way to its session for the calls that it lacks.
        self._session = self.client._base_repository._session
        self._session.mount(self.url, patient_adapter(self.seconds, certificates.authority()))
        # What is posted and sent on would arrive empty: better to be told the right address.
        self._session.max_redirects = 0
        if _LOOPBACK.match(self.url):
            # A proxy cannot reach this machine's own server, and would be shown the password.
            self._session.trust_env = False
        self._session.hooks["response"].append(self._renew)
        self._log_in()

    def _log_in(self) -> None:
        self._logged_in = False
        with self.translated("login"):
            self.client.login(self.user, self._password)
            self.client.get_profile()
        self._logged_in = True

    def _renew(self, answer: Any, **options: Any) -> Any:  # noqa: ANN401 - as requests has it
        """Log in again and repeat a call that was refused because the login has ended."""
        if not (self._logged_in and _is_refusal(answer)):
            return answer
        self._logged_in = False
        still = not _is_refusal(self._session.get(f"{self.url}/v1/me"))
        self._logged_in = True
        if still:
            return answer
        self._log_in()
        again = answer.request.copy()
        again.headers["X-CSRFToken"] = self._session.headers["X-CSRFToken"]
        again.headers.pop("Cookie", None)
        again.prepare_cookies(self._session.cookies)
        return answer.connection.send(again, **options)

    @contextmanager
    def translated(self, what: str) -> Iterator[None]:
        """Turn the errors of a call into a `BaliseError` that names the server and the call."""
        import pydantic
        import requests
        import urllib3
        from doccano_client.exceptions import DoccanoAPIError

        place = f"{self.url} ({what})"
        foreign = (
            json.JSONDecodeError,
            msgspec.MsgspecError,
            pydantic.ValidationError,
            zipfile.BadZipFile,
        )
        try:
            yield
        except DoccanoAPIError as error:
            raise self._refused(place, what, error) from None
        except foreign:
            raise self._foreign(place) from None
        except requests.TooManyRedirects as error:
            aim = error.response.headers.get("location") if error.response is not None else None
            raise BaliseError(
                place,
                f"the server sends us on to {aim}",
                "set BALISE_DOCCANO_URL to the address where it answers itself",
            ) from None
        except requests.exceptions.SSLError as error:
            raise certificates.refused(place, error) from None
        except requests.Timeout as error:
            raise BaliseError(
                place,
                f"no answer within {self.seconds:g} s ({type(error).__name__})",
                f"check the network and the server's load, or set {VARIABLE} to more seconds",
            ) from None
        # urllib3 refuses some host names that requests lets through.
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise BaliseError(
                place,
                f"no answer ({type(error).__name__})",
                "start it with `balise doccano up`, or check the URL and the network",
            ) from None

    def _refused(self, place: str, what: str, error: Any) -> BaliseError:  # noqa: ANN401 - untyped
        status = error.response.status_code
        if what == "login" and status in (400, 401, 403):
            return BaliseError(
                place,
                f"login of {self.user!r} refused",
                "check BALISE_DOCCANO_USER and BALISE_DOCCANO_PASSWORD, or the secrets.json of "
                "the server's home",
            )
        if status == 429:
            return BaliseError(
                place, "too many logins in a short time", "wait a minute and run this again"
            )
        detail = error.response.text[:200].replace("\n", " ")
        return BaliseError(
            place, f"Doccano answered {status} {detail}", "check the rights and the server's log"
        )

    def _foreign(self, place: str) -> BaliseError:
        return BaliseError(
            place,
            "the answer is not Doccano's JSON",
            "check that the URL is that of a Doccano 1.8.4, with nothing in front of it",
        )

    def fetch(self, method: str, path: str, what: str, **options: Any) -> Any:  # noqa: ANN401
        """Call a route below `/v1/` and return the answer of `requests`, never a page of HTML."""
        from doccano_client.repositories.base import verbose_raise_for_status

        with self.translated(what):
            answer = self._session.request(method, f"{self.url}/v1/{path}", **options)
            verbose_raise_for_status(answer)
            # An upload's answer is a bare id, and that too is called HTML.
            if _is_html(answer) and answer.text.lstrip().startswith("<"):
                raise self._foreign(f"{self.url} ({what})")
            return answer

    def call(self, method: str, path: str, what: str, **options: Any) -> Any:  # noqa: ANN401
        """Call a route below `/v1/` and return its JSON, or None for an empty answer."""
        answer = self.fetch(method, path, what, **options)
        with self.translated(what):
            return None if answer.status_code == 204 else answer.json()

    def pages(self, path: str, what: str) -> list[dict[str, Any]]:
        """Read a paged list to its end, in the order of the ids.

        Doccano sorts by a time that rows can share, and others may write meanwhile: a list that
        does not hold as many different ids as it says is read again.

        Raises:
            BaliseError: it does not come out right three times.
        """
        for _ in range(3):
            found: dict[int, dict[str, Any]] = {}
            offset, total = 0, 0
            while True:
                params = {"limit": _PAGE, "offset": offset}
                page = self.call("GET", path, what, params=params)
                found |= {one["id"]: one for one in page["results"]}
                offset, total = offset + len(page["results"]), page["count"]
                if not page["next"]:
                    break
            if len(found) == total:
                return [found[id_] for id_ in sorted(found)]
        raise BaliseError(
            f"{self.url} ({what})",
            f"lists {total} and gives {len(found)}: it changes while it is read",
            "wait until nobody adds or deletes documents, then run this again",
        )


def _is_html(answer: Any) -> bool:  # noqa: ANN401 - untyped
    return str(answer.headers.get("content-type", "")).startswith("text/html")


def _is_refusal(answer: Any) -> bool:  # noqa: ANN401 - untyped
    return answer.status_code in (401, 403)
