#!/usr/bin/env python3
"""The chaos test of tests/test_chaos.py, for as long and with as many seeds as wanted.

./dev bench chaos [--seed 1] [--runs 1] [--scale 3]
"""

import argparse

from _common import say, temporary_folder
from chaos import Chaos, Size


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=1, help="of the first run; each further one has the next")
    options.add_argument("--runs", type=int, default=1)
    options.add_argument("--scale", type=int, default=3, help="how many times as much as the test (default 3)")
    chosen = options.parse_args()
    once = Size()
    size = Size(
        conversations=once.conversations * chosen.scale,
        messages=once.messages * chosen.scale,
        odoo_kills=once.odoo_kills * chosen.scale,
        postgres_crashes=once.postgres_crashes * chosen.scale,
        redis_kills=once.redis_kills * chosen.scale,
        seconds=once.seconds * chosen.scale,
    )
    failed = []
    for seed in range(chosen.seed, chosen.seed + chosen.runs):
        with temporary_folder() as folder:
            run = Chaos(folder, size, seed)
            try:
                if run.run().problems:
                    failed.append(seed)
            finally:
                run.discard()
    say(f"{len(failed)} of {chosen.runs} runs had problems{f': seeds {failed}' if failed else ''}")
    raise SystemExit(bool(failed))


if __name__ == "__main__":
    main()
