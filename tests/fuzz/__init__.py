"""Fuzzing: programs that throw bytes and text at the road from source to page, and what they once found."""
