"""Work that survives a crash: the engine behind a small port, and timers as rows."""
