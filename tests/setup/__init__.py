"""Set-up on other machines: what is missing there, and the wheel."""
