"""The monthly tasking meeting of an authority: its list, what it asks for, and the answers."""
