"""How well recommendations do on listeners whom no model has seen, beside simpler rules."""
