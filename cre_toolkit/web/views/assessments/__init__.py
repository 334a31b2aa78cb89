"""The pages of an assessment, from the first question to what was sent. One module for a page or two."""
