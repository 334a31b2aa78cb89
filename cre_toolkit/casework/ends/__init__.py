"""How a case ends or is joined with another: closing, transition, death, merging."""
