"""Kills a journal's writer at random moments and holds the journal against what was acknowledged.

    journal_crash.py WRITER [--cycles N] [--seed S] [--folder F]

Every cycle starts the writer, reads its acknowledgements, kills it with SIGKILL and starts it again, with its last 100
keys sent blindly once more. Nothing acknowledged may be lost, and nothing may be counted twice.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import select
import subprocess
import sys
import tempfile
import time

RETRIES = 100


def cycle(
    writer: str, journal: str, first: int, threads: int, patience: float, from_first_answer: bool
) -> tuple[list[tuple[int, str]], str]:
    """One life of the writer: the keys it acknowledged with their answers, and what it said on standard error."""
    command = [writer, journal, str(first), str(RETRIES), str(threads)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    pipe, output = process.stdout.fileno(), b""
    end = time.monotonic() + (5 if from_first_answer else patience)
    while (left := end - time.monotonic()) > 0:
        if select.select([pipe], [], [], left)[0]:
            piece = os.read(pipe, 65536)
            if not piece:
                break
            if from_first_answer and not output:
                end = time.monotonic() + patience
            output += piece
    process.kill()
    output += process.stdout.read()
    said = process.stderr.read().decode()
    process.stdout.close()
    process.stderr.close()
    process.wait()
    words = [line.split() for line in output.decode().splitlines()]
    return [(int(key[1:]), answer) for key, answer in words], said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("writer")
    parser.add_argument("--cycles", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", help="where the journal lies; a temporary folder by default")
    args = parser.parse_args()
    chance = random.Random(args.seed)
    recorded: set[int] = set()  # acknowledged as recorded: must never be recorded again
    acknowledged: set[int] = set()
    silent = 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        journal = os.path.join(folder, "crash.journal")
        for number in range(args.cycles):
            first = max(acknowledged, default=-1) + 1
            # Mostly some milliseconds of writing; often while it opens; now and then long enough to copy the log.
            opening = chance.random() < 0.3
            patience = chance.uniform(0, 0.03 if opening else 0.2 if number % 25 == 0 else 0.012)
            answers, said = cycle(args.writer, journal, first, chance.randint(1, 3), patience, not opening)
            if said:
                print(f"cycle {number}: the writer said: {said.strip()}")
                return 1
            silent += not answers
            for key, answer in answers:
                if answer not in ("recorded", "duplicate"):
                    print(f"cycle {number}: k{key} was answered {answer}")
                    return 1
                if answer == "recorded" and key in acknowledged:
                    print(f"cycle {number}: k{key} was acknowledged and then recorded anew: it was lost")
                    return 1
                recorded |= {key} if answer == "recorded" else set()
                acknowledged.add(key)
        last = subprocess.run([args.writer, journal], capture_output=True, text=True, check=False)
        if last.returncode != 0:
            print(f"at the end: {last.stdout}{last.stderr}")
            return 1
        total, events = (int(word) for word in last.stdout.split()[:2])
        with open(journal + ".csv", encoding="utf-8", newline="") as file:
            kept = [int(row["event_id"][1:]) for row in csv.DictReader(file, delimiter=";")]
    lost = acknowledged - set(kept)
    seconds = time.monotonic() - began
    print(
        f"{args.cycles} kills in {seconds:.1f} s, {silent} before any answer: {len(acknowledged)} keys acknowledged "
        f"({len(recorded)} as recorded), {len(kept)} in the journal, {len(lost)} lost, "
        f"{len(kept) - len(set(kept))} twice"
    )
    sound = not lost and len(kept) == len(set(kept)) == total == events
    if silent == args.cycles:
        print("no cycle got an answer: nothing was tested")
        sound = False
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
