"""The DAGs, one flow a file."""
