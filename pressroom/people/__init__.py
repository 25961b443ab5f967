"""People and programs at the review desk: who they are, what they may do, and a record of what they did."""
