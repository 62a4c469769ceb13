"""Datasets on the Hugging Face Hub: published, brought down, and compared."""
