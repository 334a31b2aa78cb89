"""The pages of meetings: planning, preparing, recording, minutes."""
