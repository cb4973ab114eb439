"""The schema's history, one numbered file a step; host/database.py runs it."""
