"""Statistics over plain numbers: no tables, no files, no names of metrics."""
