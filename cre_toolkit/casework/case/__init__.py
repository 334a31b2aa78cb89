"""The engine of a case: dated events in, its state out, and the copies kept of it."""
