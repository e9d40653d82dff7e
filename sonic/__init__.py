"""Sonic's command line, settings and stages: what ties the layers together."""
