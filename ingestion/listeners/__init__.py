"""The registry of listeners, as Bronze rows: who they are and when their clocks change."""
