"""The rooms put in order: from a plan to a settled year, its evidence and its statements."""
