"""What benchmarks have in common: processes to measure, servers to measure against, figures and their goals."""
