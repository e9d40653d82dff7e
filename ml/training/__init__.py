"""Training: the examples, the fit, its evaluation, and when to train again."""
