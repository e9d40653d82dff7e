"""The main job: its stages and their order, the demo, and the import of exports."""
