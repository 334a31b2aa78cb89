"""Lists over many children, what stands around one, and the mail that reminds of it."""
