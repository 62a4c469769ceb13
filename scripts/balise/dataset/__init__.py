"""Gold spans become a Hugging Face dataset folder: the stage that fills `build/dataset/`."""
