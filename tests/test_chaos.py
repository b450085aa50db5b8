"""Everything dies, again and again, and nothing is lost or doubled."""

import os

from chaos import Chaos, Size

SEED = int(os.environ.get("CHAOS_SEED", "19"))


def test_nothing_is_lost_and_nothing_doubled(tmp_path):
    chaos = Chaos(tmp_path, Size(), SEED)
    try:
        assert chaos.run().problems == []
    finally:
        chaos.discard()
