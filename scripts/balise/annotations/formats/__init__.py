"""One reader a foreign format: past it nobody handles dicts or foreign offsets."""
