from . import access, bounds, compiled, simulated, vocabulary
