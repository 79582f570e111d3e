"""Statistics of numbers: no runs, no frames, no files."""
