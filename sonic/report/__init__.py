"""Reports on a run: the summary and the lineage page."""
