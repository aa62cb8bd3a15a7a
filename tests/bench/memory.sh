#!/bin/sh
# Peak memory of counting a simulated round without event ids: constant, whatever the rows. Needs komhen on PATH.
# usage: sh tests/bench/memory.sh ROWS
set -eu
rows=${1:-10000000}
limit_kib=$((200 * 1024))
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
komhen simulate --round 2012-spring --rows "$rows" --seed 1 --out "$folder/round.csv" >/dev/null
python - "$folder/round.csv" "$folder/round.participation.csv" "$rows" "$limit_kib" <<'PY'
import resource, subprocess, sys

file, participation, rows, limit = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
out = subprocess.run(
    ["komhen", "count", file, "--round", "2012-spring", "--participation", participation, "--format", "json"],
    check=True, capture_output=True, text=True,
).stdout
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
assert f'"rows_accepted":{rows},' in out, out
print(f"{rows} rows counted, peak memory {peak // 1024} MiB (limit {limit // 1024})")
sys.exit(peak > limit)
PY
