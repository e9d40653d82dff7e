"""The registry of listeners, as rows: who they are and when their clocks change."""
