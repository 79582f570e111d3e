"""What reports are put together from: each turns results into blocks, and computes nothing of its own."""
