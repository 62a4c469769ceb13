"""Files and web pages become Articles: the stage that fills `corpus/`."""
