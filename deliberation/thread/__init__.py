"""The thread from testimonies to the adopted text: what cites what, in both directions; and which acts brought the
words of a text.
"""
