"""What the pages of an assessment ask. They take whatever can be read; sending asks for the rest."""
