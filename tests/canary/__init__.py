"""The canary matrix: who can be made to tell what; see docs/security.md."""
