"""What people said, and the form to testify."""
