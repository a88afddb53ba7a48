"""Writing a motion as Akoma Ntoso 3.0 (OASIS LegalDocML), with its amendments, votes and debate; and reading such a
file.
"""
