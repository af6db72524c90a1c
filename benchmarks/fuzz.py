#!/usr/bin/env python3
"""Fuzzing of the whole path from documents to reports: nothing private may be seen, nothing may raise or take for ever.

    nice python -m benchmarks.fuzz --count 200000 --seed 1     structured mutations: fuzz_documents.py says which
    nice python -m benchmarks.fuzz --seed 1 --batch 17         one batch of them again
    nice python -m benchmarks.fuzz --guided --minutes 60       guided by coverage; needs `pip install atheris`

Finds go to out/fuzz-finds/: the document, and beside it what was wrong and what had been put in. Exit code 1 with finds.
"""

from __future__ import annotations

import argparse
import sys
import time

SIZE = 400  # documents in a batch: what each report says once weighs little then
_WHOLE = 10  # every so many batches also the redacted reports, and those that are read back


def main() -> None:
    """Run what was asked for."""
    asked = _parser().parse_args()
    if asked.guided:
        try:
            from benchmarks.fuzz_guided import run_guided
        except ModuleNotFoundError as missing:
            if missing.name != "atheris":
                raise
            sys.exit("--guided needs atheris: pip install atheris")
        run_guided(asked.minutes or 60, asked.seed, asked.corpus)
    numbers = [asked.batch] if asked.batch is not None else range(-(-asked.count // SIZE))
    sys.exit(_run_structured(asked.seed, numbers, asked.minutes))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200_000, help="how many documents (default: %(default)s)")
    parser.add_argument("--minutes", type=float, help="stop after so long")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other documents (default: %(default)s)")
    parser.add_argument("--batch", type=int, help="only the batch of this number")
    parser.add_argument("--guided", action="store_true", help="guided by coverage")
    parser.add_argument("--corpus", default="out/fuzz", help="folder of the inputs of --guided (default: %(default)s)")
    return parser


def _run_structured(seed: int, numbers: range | list[int], minutes: float | None) -> int:
    from benchmarks.fuzz_checks import FINDS, Checks  # after what is guided had the chance to watch the imports
    from benchmarks.fuzz_documents import DocumentMaker
    from tests.redaction.scans import all_outputs, formats

    maker = DocumentMaker(seed)
    checks = Checks(maker.oracle)
    begun = time.monotonic()
    for number in numbers:
        before = checks.finds.total()
        checks.run(maker.batch(number, SIZE), all_outputs if number % _WHOLE == 0 else formats)
        if checks.finds.total() > before:
            print(f"in batch {number}: --seed {seed} --batch {number}", flush=True)
        if minutes is not None and time.monotonic() - begun > minutes * 60:
            break
    took = time.monotonic() - begun
    print(f"{checks.documents} documents, {took:.0f} s, {checks.documents / took:.0f} a second")
    print(f"{checks.finds.total()} finds" + (f", in {FINDS}: {dict(checks.finds.most_common(20))}" if checks.finds else ""))
    return 1 if checks.finds else 0


if __name__ == "__main__":
    main()
