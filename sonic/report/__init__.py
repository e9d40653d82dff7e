"""What people read about a run: the summary and the lineage page."""
