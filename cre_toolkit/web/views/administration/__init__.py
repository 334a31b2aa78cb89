"""The pages of administrators, who keep agencies, teams, people and roles and see no child."""
