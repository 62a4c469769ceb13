"""In which language a text is written."""


def detect_language(text: str) -> str:
    """Name a text's language (ISO 639-1): the top class of py3langid's bundled model."""
    import py3langid

    language, _score = py3langid.classify(text)
    return str(language)
