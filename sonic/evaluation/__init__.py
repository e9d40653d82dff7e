"""`sonic evaluate`: how well the recommendations do."""
