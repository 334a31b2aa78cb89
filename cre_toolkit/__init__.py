"""The Child at Risk of Exploitation toolkit of Derby and Derbyshire, as a service."""
