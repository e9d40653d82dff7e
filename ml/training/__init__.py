"""What a model learns from, learning it, and when to learn it again."""
