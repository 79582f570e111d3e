"""The verbs, and the line that the help shows of each: one file a verb."""

COMMANDS = {
    "summary": "Show format, coverage and a line a metric.",
    "compare": "Compare runs with a baseline: estimates, intervals, verdicts.",
    "sweep": "Find who won among many runs, what mattered, what failed.",
    "check": "Look for what went wrong; compare with golden values.",
    "plot": "Draw one figure of runs: PNG, SVG or PDF.",
    "report": "Write runs as a page, a PDF, Markdown, or a folder of figures.",
    "export": "Write the table as parquet, csv, jsonl or arrow, of any size.",
    "index": "Read the runs that have changed, keep what they come to.",
    "merge": "Put the parts of an index together.",
    "cache": "Show or clear what is kept of earlier looks.",
    "discover": "Show which runs a folder holds, and why.",
    "infer": "Write the format of a log, or patterns of it for other tools.",
    "formats": "List, show, check or detect log formats.",
    "model": "Measure checkpoints: their weights, and what became of them.",
    "demo": "Write two runs in different formats, read and compare them.",
    "completion": "Print the completion script of a shell.",
}
