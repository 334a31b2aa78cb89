"""One document model and its renderers. What a document says stands beside its noun, not here."""
