"""The API for programs: JSON versions of the public pages, commands, and the record in the formats of C2SP."""
