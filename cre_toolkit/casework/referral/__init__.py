"""A child on the way to one recipient: sent, received, acknowledged, accepted, returned, chased."""
