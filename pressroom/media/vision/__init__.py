"""Looking at pictures: described by a model that sees, or by their colours and shapes without one."""
