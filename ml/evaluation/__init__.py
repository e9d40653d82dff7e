"""Evaluation: metrics of recommendations and of baselines on listeners that no model has seen."""
