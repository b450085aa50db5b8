"""Decisions that were learned from labelled conversations: what the rules found is reviewed by them.

`view` shows a turn without the shop's own words, `features` describes each candidate in it, `model` weighs the
features, and `review` makes of the probabilities what is known after the turn.
"""

from .review import review

__all__ = ["review"]
