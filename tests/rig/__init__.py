"""What test modules lend each other: they import it from here, never from one another.

No class here has tests of its own, or they would run once for each that inherits it.
"""
