"""The main job: its stages, in order, and what each of them is given."""
