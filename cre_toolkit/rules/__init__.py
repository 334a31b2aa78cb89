"""The rules core: pure functions over the packs. No Django, no clock; files are read in `loading` alone."""
