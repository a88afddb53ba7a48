"""The documents as PDF: typst lays out data that it receives as JSON."""
