"""Votes: the voter's screen, polls and their results, rules, ways of voting, proxies."""
