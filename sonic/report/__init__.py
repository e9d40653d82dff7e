"""Reports on a run: the summary, the lineage page and the star schema."""
