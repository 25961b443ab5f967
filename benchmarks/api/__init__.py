"""The API of the review desk on PostgreSQL, 100 workspaces with 1,000 pieces of content each, beside a bare route."""
