"""What people write onto a case: discussions, decisions, interventions, incidents, and who leads."""
