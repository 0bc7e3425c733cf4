"""Mail as it comes in, read without trusting any of it."""

# Marks the Message-IDs of what the module sends.
OWN = "civic"
