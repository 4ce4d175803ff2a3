"""What `scripts/study.py` is made of: replays, the record itself, charts, and the text."""
