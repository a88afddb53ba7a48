"""What every page shares: rendering, the visit, names, forms, dates, errors, live fragments, signing in."""
