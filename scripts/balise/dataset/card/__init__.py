"""The dataset card and what goes out beside it: figures, tables, plot, citation, Croissant."""
