"""A witness: a small server that another party runs, so that no record can be rewritten without its noticing.

It shares the formats of the record with the rest and nothing else: no database, no congress.
"""
