"""Articles become Doccano import files with suggestions: the stage that fills `build/tasks/`."""
