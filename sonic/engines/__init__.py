"""The engines that build the tables, and reading what they built."""
