"""Language models: how they are asked, what they may say, and what is believed of it. Plain Python, no Odoo.

A model reads (extracts slots), listens (transcribes), looks (describes a photo) and words replies. What follows from
it is never its business: quality, action and lead come from the policy, whatever it says.
"""
