"""Readings become gold: the stage that fills `annotations/`."""
