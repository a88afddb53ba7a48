"""The pages for programs: their JSON twins, commands, and the record in the formats of C2SP."""
