"""The documents on paper, as PDF: typst lays out what Python hands it as JSON."""
