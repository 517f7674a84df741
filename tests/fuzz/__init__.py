"""Mutants of exports and study files, each the same at every run: a result or the program's own error, nothing else."""
