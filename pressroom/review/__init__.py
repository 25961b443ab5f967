"""What people do with drafts: find, edit, compare, approve, reject, delete, and ask for anew."""
