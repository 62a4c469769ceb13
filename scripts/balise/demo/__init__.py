"""The whole loop on the seed article and the project's corpus, composed as the commands do.

Everything is written below one folder; the project's own files are only read.
"""
