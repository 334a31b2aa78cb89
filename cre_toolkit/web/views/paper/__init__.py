"""The pages on which an earlier paper form is entered, from the choice of the form to its record."""
