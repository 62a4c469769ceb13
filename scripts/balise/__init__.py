"""balise: French conflict news, from articles to Doccano, a spaCy model and a Hub dataset."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("balise")
except PackageNotFoundError:  # read from a source tree that nobody installed
    __version__ = "0+uninstalled"
