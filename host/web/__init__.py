"""The shell around the screens: page frame, theme, elements, server. It knows no domain; their screens build on it."""
