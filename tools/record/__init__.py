"""Writes a real card down as a transcript (docs/transcript.md): redacted, or signed anew with test keys."""
