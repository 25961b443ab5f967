"""Code that trend sources share."""
