from . import access, bounds, compiled, vocabulary
