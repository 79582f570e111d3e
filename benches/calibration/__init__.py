"""Made comparisons whose truth is known, and what must hold of the answers."""
