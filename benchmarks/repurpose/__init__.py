"""A long document repurposed: from the run's opening to its last draft and its closing, over the ideal; memory."""
