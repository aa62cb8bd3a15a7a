#!/bin/sh
# Installs what is missing, builds komhen, simulates KL's spring-2012 round, counts it, and prints the self-service table
# beside the one that KL printed. Outputs stand in out/. Safe to run again.
set -eu
cd "$(dirname "$0")/.."
say() { printf '\n-- %s\n' "$*"; }

say "installing what is missing, and building"
sh .ci/setup.sh build
. .ci/python.sh

mkdir -p out
say "a synthetic round of 650,000 contacts (nobody counted them)"
komhen simulate --round 2012-spring --rows 650000 --seed 1 --out out/spring.csv --format json >out/spring.json
ls -l out/spring.csv | awk '{print $5 " bytes in out/spring.csv"}'

say "counting it"
komhen count out/spring.csv --round 2012-spring --participation out/spring.participation.csv \
  --rejects out/rejects.csv --out out/spring.cube

komhen measure self_service out/spring.cube --by task --tasks kl-35 --format csv >out/self_service.csv
komhen measure mix out/spring.cube --by channel --tasks kl-35 --format csv >out/channels.csv
komhen compare published:2012-spring out/spring.cube --format csv >out/against_kl.csv

say "self-service by task: what KL printed for spring 2012, and what was counted"
komhen compare published:2012-spring out/spring.cube

say "written: out/spring.cube, out/rejects.csv, out/self_service.csv, out/channels.csv, out/against_kl.csv"
