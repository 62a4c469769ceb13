"""Gold spans become a spaCy pipeline and its report: the stage that fills `build/model/`."""
