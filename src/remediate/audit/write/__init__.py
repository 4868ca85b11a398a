"""Findings as text: Markdown that our own reader reads back, JSON, SARIF, GitHub annotations, HTML, rows."""
